from django.apps import AppConfig


class ModerationConfig(AppConfig):
    name = "civic.moderation"

    def ready(self):
        from civic.moderation import leases  # noqa: F401 - connects to Django's signal
        from civic.moderation.models import Desk
        from civic.realtime import registry as realtime

        realtime.register("moderation", can_read=Desk.stream_is_readable)
