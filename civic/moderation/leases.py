"""What signing out does to the cases that somebody holds."""

from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver

from civic.moderation.models import Case


@receiver(user_logged_out)
def end_leases(sender, user, **kwargs):
    """Who signs out leaves their cases to the others."""
    if user is not None:
        Case.objects.release_all(user)
