from django.apps import AppConfig


class ModerationConfig(AppConfig):
    name = "civic.moderation"

    def ready(self):
        from civic.moderation import leases  # noqa: F401 - connects to Django's signal
