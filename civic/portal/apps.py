from django.apps import AppConfig

from civic.kernel import loops


class PortalConfig(AppConfig):
    name = "civic.portal"

    def ready(self):
        from civic.portal import jobs  # procrastinate's app is complete only now

        loops.register("portal.rescue", jobs.rescue, every=10)
