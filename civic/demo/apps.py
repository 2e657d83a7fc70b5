from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


class DemoConfig(AppConfig):
    name = "civic.demo"

    def ready(self):
        # Models load with the apps: what needs them is imported once they are there.
        from civic.demo.filming import Camera
        from civic.demo.guard import signs_of_production
        from civic.demo.movement import Movement
        from civic.kernel import loops

        # An error rather than a system check: servers start without checks.
        if signs := list(signs_of_production(settings)):
            raise ImproperlyConfigured(f"The demo stays on one's own machine: start it with `./run`. {' '.join(signs)}")
        loops.register("demo.movement", Movement().step, every=1.0)
        loops.register("demo.picture", Camera().step, every=5.0)
