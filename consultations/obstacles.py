"""What keeps somebody from voting: each a fact with its sentence, and what can be done about it."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from civic.kernel.errors import DomainError
from consultations.models import Channel


class NotEligible(DomainError):
    """A fact that keeps somebody from voting; `sentence` says it and what can be done."""

    status = 403
    title = _("You can’t vote here")
    # Whether only the hour keeps them out: then no counter can help, and no other way is open.
    is_about_time = False


class NotOpenYet(NotEligible):
    status = 409
    is_about_time = True
    title = _("The vote is not open yet")
    sentence = _("It opens on the day that the page says, for everyone at the same moment. Nothing was recorded.")


class VoteClosed(NotEligible):
    status = 409
    is_about_time = True
    title = _("The vote is over")
    sentence = _("The vote has closed. Nothing was recorded.")


class VoteWithdrawn(VoteClosed):
    title = _("This consultation was withdrawn")
    sentence = _("The city has withdrawn this consultation; its page says why. Nothing was recorded.")


class TextCorrected(NotEligible):
    status = 409
    title = _("The text was corrected")
    sentence = _(
        "The text of this consultation was corrected while you were voting. Nothing was recorded: read what has "
        "changed, then send your vote."
    )


class NotSignedIn(NotEligible):
    title = _("We don’t know you yet")
    sentence = _("Sign in, or create an account, and this page tells you whether you can vote.")


class AddressNotConfirmed(NotEligible):
    title = _("Your e-mail address is not confirmed")
    sentence = _("Confirm your e-mail address first: we have sent you a mail with a code.")


class TooYoung(NotEligible):
    title = _("There is a minimum age")
    sentence = _("Say that you are old enough to vote in this consultation. We don’t ask for your date of birth.")


class NotResident(NotEligible):
    title = _("This vote is for people who live here")
    sentence = _("Your account has a postal code of another town. If you have moved here, change it in your account.")


class NotVerified(NotEligible):
    title = _("Your residence is not verified")
    sentence = _(
        "This vote is for residents whose address was verified. Come to a counter with an identity document and a "
        "proof of address: it takes five minutes, and you can vote there, too."
    )


class VerificationEnded(NotVerified):
    title = _("The verification of your residence has ended")
    sentence = _("Your residence was verified until a date that has passed. Come to a counter to have it renewed.")


class OtherQuarter(NotEligible):
    title = _("This vote is for other quarters")
    sentence = _("Only people who live in the quarters that the page names can vote, and you live in another one.")


class NotListed(NotEligible):
    title = _("You are not on the list of this vote")
    sentence = _(
        "Only people on a list of the city can vote here, and we did not find you on it. Call us if it is wrong."
    )


class NoCodes(NotEligible):
    status = 409
    title = _("This vote takes no codes by post")
    sentence = _(
        "A code opens a vote for the people of a list, and never one that publishes names: it tells nobody’s name. One "
        "takes part here with an account, on paper, or with somebody’s help at a counter. Nothing was recorded."
    )


class NotIdentified(NotListed):
    title = _("We don’t know yet whether you are on the list")
    sentence = _(
        "Only people on a list of the city can vote here. Come to a counter with an identity document, so that your "
        "account is linked with the list, or use the code of your letter if you got one."
    )


class AlreadyVoted(NotEligible):
    status = 409
    title = _("You have already voted")
    sentence = _("You are on the roll of this vote: one person votes once. Nothing was changed.")
    by_channel = {
        Channel.PAPER: _("You are on the roll as having voted on paper: one person votes once. Nothing was changed."),
        Channel.COUNTER: _("You are on the roll as having voted at a counter: one person votes once."),
        Channel.POST: _("You are on the roll as having voted with a code by post: one person votes once."),
    }

    def __init__(self, channel: str = Channel.ONLINE, **context: Any):
        super().__init__(self.by_channel.get(Channel(channel), self.sentence), **context)
        self.channel = channel


class NotOnRoll(DomainError):
    """An answer to a scrutineer: nobody has voted under what was asked, and nothing known forbids it."""

    title = _("This person is not on the roll")
    sentence = _("Nobody has voted under this name and date of birth or this address, and nothing prevents it.")
