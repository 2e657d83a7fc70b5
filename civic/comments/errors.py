"""Why somebody can't write, or can't do what they asked to a comment."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from civic.comments.wording import lasting
from civic.kernel.errors import DomainError, TooManyRequests


class NotPosted(DomainError):
    """A contribution that was not taken; `typed` gives the person their text back."""

    template = "comments/not_posted.html"


class ThreadClosed(NotPosted):
    title = _("This debate is closed")
    sentence = _("It stays readable, but takes no more contributions. What you wrote was not published.")


class AddressNotConfirmed(NotPosted):
    status = 403
    title = _("Your e-mail address is not confirmed")
    sentence = _("Confirm it from your account, then come back: one writes here with a confirmed address.")


class TooSoon(TooManyRequests):
    """In slow mode: `pause` is what lies between two texts of one person, `left` what is left of it, in seconds."""

    def __init__(self, *, pause: int, left: int):
        told = gettext(
            "This debate is in slow mode: at least %(pause)s between two texts of one person. "
            "You can publish yours in %(left)s."
        )
        super().__init__(told % {"pause": lasting(pause), "left": lasting(left)}, retry_after=left)


class EmptyText(NotPosted):
    status = 422
    title = _("There is nothing to publish")
    sentence = _("Write a few words first.")


class PositionMissing(NotPosted):
    status = 422
    title = _("Your position is missing")
    sentence = _("Say whether you are for, against, or neither. Nothing was published.")


class NotAnswerable(NotPosted):
    title = _("One can’t reply to this comment")
    sentence = _("It was removed in the meantime, or is itself a reply. What you wrote was not published.")


class NotOfficial(NotPosted):
    status = 403
    title = _("You can’t answer in the name of the city")
    sentence = _("Official answers are replies by the city’s services or by elected members. Nothing was published.")


class NotEditable(NotPosted):
    title = _("This comment can no longer be changed")
    sentence = _("One corrects a comment within five minutes of writing it. The published text stays as it was.")


class AnsweredSince(DomainError):
    title = _("This comment has replies")
    sentence = _("People have replied since it was published: it can be hidden, with a reason, but no longer undone.")


class NotYours(DomainError):
    status = 403
    title = _("This comment is not yours")
    sentence = _("Only the person who wrote it can do this.")


class NotSupportable(DomainError):
    title = _("This comment can’t be supported")
    sentence = _("It is your own, or it is no longer shown.")


class NotCloser(DomainError):
    status = 403
    title = _("You can’t close this debate")
    sentence = _("Its moderators do.")


class NotArranger(DomainError):
    status = 403
    title = _("You can’t change how this debate goes")
    sentence = _("Its moderators do.")


class ReasonMissing(DomainError):
    status = 422
    title = _("The reason is missing")
    sentence = _("A debate is closed for a reason that everybody can read. Nothing was changed.")


class NotClosedEarly(DomainError):
    title = _("This debate was not closed by a moderator")
    sentence = _("It is open, or what it is about has ended. Nothing was changed.")
