from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_out


class ModerationConfig(AppConfig):
    name = "civic.moderation"

    def ready(self):
        user_logged_out.connect(end_leases, dispatch_uid="moderation.end_leases")


def end_leases(sender, user, **kwargs):
    """Who signs out leaves their cases to the others."""
    from civic.moderation.models import Case

    if user is not None:
        Case.objects.release_all(user)
