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


class DecidedByYou(AlreadyDecided):
    title = _("You decided this case already")
    sentence = _("You did so yourself, perhaps in another tab. That decision stands; this one was not kept.")


class ReopenedSince(AlreadyDecided):
    title = _("The case has changed")
    sentence = _(
        "This case was decided and reopened after you read it. Your decision was not kept and nothing was sent."
    )


class TextWithdrawn(AlreadyDecided):
    title = _("There is nothing left to decide")
    sentence = _("The author took this text back before you. Your decision was not kept and nothing was sent.")


class HeldByAnother(Conflict):
    title = _("A colleague is on this case")
    sentence = _("A colleague is examining this case. Nothing was changed.")


class LeaseLost(Conflict):
    sentence = _("Your time on this case ran out. Please take it again.")


class EditedSince(Conflict):
    title = _("The text has changed")
    sentence = _("The author changed the text after you read it. Your decision was not kept and nothing was sent.")


class ChangedSinceDecision(Conflict):
    title = _("The text has changed")
    sentence = _("The author changed the text after this decision: it can’t be undone. Nothing was changed.")


class NothingToUndo(Conflict):
    title = _("There is nothing to undo")
    sentence = _("This decision was undone already, or another one came after it. Nothing was changed.")


class AnotherCase(Conflict):
    title = _("Another case is open")
    sentence = _("Another case about this text was opened since: please decide that one. Nothing was changed.")


class AlreadyApart(Conflict):
    title = _("This case is set apart")
    sentence = _("A colleague has set this case apart already. Nothing was changed.")


class NotApart(Conflict):
    sentence = _("This case is not set apart. Nothing was changed.")


class CaseGone(Conflict):
    sentence = _("This case is not there, or not for you. Nothing was changed.")


class VersionMissing(Unprocessable):
    sentence = _("The form doesn’t say which version of the case you read. Nothing was changed.")


class UnknownAction(Unprocessable):
    sentence = _("This decision doesn’t exist for this kind of content. Nothing was changed.")


class ActionUnfit(Unprocessable):
    sentence = _("This decision doesn’t fit where the text stands now. Nothing was changed.")


class ReasonMissing(Unprocessable):
    sentence = _("A refusal needs a reason from the list. Nothing was changed.")


class MaskUnfaithful(Unprocessable):
    sentence = _("Masking only takes words out: put […] in their place and leave the rest as it is.")


class TooManyRows(Unprocessable):
    sentence = _("That is too many cases at once: choose a hundred at most. Nothing was changed.")


class DestinationMissing(Unprocessable):
    sentence = _("Choose where the text goes. Nothing was changed.")


class MeasureUnfit(Unprocessable):
    sentence = _("This measure needs an author, and an end in the future where it is for a time.")


class AnswerMissing(Unprocessable):
    sentence = _("An appeal is answered in writing: say whether it is upheld, and why. Nothing was changed.")


class TextTooLong(Unprocessable):
    sentence = _("This text is too long. Nothing was changed.")


class TextMissing(Unprocessable):
    sentence = _("Please write a few words for your colleagues. Nothing was changed.")


class ColleagueUnfit(Unprocessable):
    sentence = _("Choose a colleague who moderates here and did not write this text. Nothing was changed.")


class NotOffered(Unprocessable):
    sentence = _("This kind of content doesn’t offer that. Nothing was changed.")


class OwnContent(NotAllowed):
    sentence = _("You wrote this text: someone else examines it.")


class OwnDecision(NotAllowed):
    sentence = _("You took the decision that this appeal is about: someone else answers it.")


class OwnReport(NotAllowed):
    title = _("This text is yours")
    sentence = _("You wrote this text yourself: there is no need to report it. You can change it or take it back.")


class NotReportable(NotAllowed):
    title = _("There is nothing to report here")
    sentence = _("This text is no longer public. Nothing was sent.")


class NotRecipient(NotAllowed):
    sentence = _("Only the person whom this decision is about can appeal.")


class AlreadyAppealed(DomainError):
    title = _("You have appealed already")
    sentence = _("You can appeal once. Your appeal is with us; this second text was not sent.")


class AppealClosed(DomainError):
    title = _("This decision can no longer be appealed")
    sentence = _("The six months to appeal are over, or the decision was taken back. Nothing was sent.")


class NotModerator(NotAllowed):
    sentence = _("Your account no longer moderates here. Nothing was changed.")


class WholeCityOnly(NotAllowed):
    sentence = _("This is for those who moderate the whole city. Nothing was changed.")


class Silenced(NotAllowed):
    """The author may not write for now; `context` holds the `sanction`, with its end and its reason."""

    title = _("You can’t write here for now")
    sentence = _("A decision of our moderators keeps you from writing here.")
