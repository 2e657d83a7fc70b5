"""What follows from events that Django and allauth tell of."""

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver
from django.utils.translation import get_language

from civic.accounts.models import User
from civic.accounts.sessions import has_passed_factor
from civic.realtime.access import access_changed


@receiver(user_logged_in)
def keep_language(sender, user, **kwargs):
    """Mails that no page of theirs asks for are written in the language in which they last signed in."""
    language = get_language()
    if language and language != user.language:
        user.language = language
        User.objects.filter(pk=user.pk).update(language=language)
        user.tell_change()


@receiver(user_logged_out)
def close_open_pages(sender, user, **kwargs):
    if user is not None:
        access_changed(user=user)


@receiver([authenticator_added, authenticator_removed])
def have_account_read_again(sender, user, **kwargs):
    user.tell_change(access=True)


@receiver(authenticator_added)
def count_enrolment_as_passed(sender, request, user, authenticator, **kwargs):
    """Enrolling proves possession; but next to an older factor, only that one can vouch for the session."""
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        return
    factors = Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.RECOVERY_CODES)
    if has_passed_factor(request.session, user) or not factors.exclude(pk=authenticator.pk).exists():
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)
