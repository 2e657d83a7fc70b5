"""Why a case can't be decided, as facts."""

from django.utils.translation import gettext_lazy as _

from civic.kernel.errors import DomainError, NotAllowed, Unprocessable


class Conflict(DomainError):
    """Someone else was quicker; the page says who, what and when. `context` holds `case` and what applies."""

    title = _("The case has changed")
    template = "moderation/conflict.html"


class AlreadyDecided(Conflict):
    title = _("This case is decided")
    sentence = _("Someone decided this case before you. Your decision was not kept and nothing was sent.")


class HeldByAnother(Conflict):
    title = _("A colleague is on this case")
    sentence = _("A colleague is examining this case. Nothing was changed.")


class LeaseLost(Conflict):
    sentence = _("Your time on this case ran out. Please take it again.")


class EditedSince(Conflict):
    title = _("The text has changed")
    sentence = _("The author changed the text after you read it. Your decision was not kept and nothing was sent.")


class VersionMissing(Unprocessable):
    sentence = _("The form doesn’t say which version of the case you read. Nothing was changed.")


class UnknownAction(Unprocessable):
    sentence = _("This decision doesn’t exist for this kind of content. Nothing was changed.")


class ReasonMissing(Unprocessable):
    sentence = _("A refusal needs a reason from the list. Nothing was changed.")


class OwnContent(NotAllowed):
    sentence = _("You wrote this text: someone else examines it.")


class NotModerator(NotAllowed):
    sentence = _("Your account no longer moderates here. Nothing was changed.")
