from django.apps import AppConfig

from civic.kernel import loops


class NotificationsConfig(AppConfig):
    name = "civic.notifications"

    def ready(self):
        from civic.notifications import tasks  # noqa: PLC0415 - models exist only now

        loops.register("notifications.resume", tasks.resume, every=60)
