from django.apps import AppConfig

from civic.kernel import loops


class NotificationsConfig(AppConfig):
    name = "civic.notifications"

    def ready(self):
        from civic.notifications import tasks

        loops.register("notifications.resume", tasks.resume, every=60)
