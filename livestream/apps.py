from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LivestreamConfig(AppConfig):
    name = "livestream"

    def ready(self):
        # Models load with the apps: what needs them is imported once they are there.
        from civic.comments import registry as comments
        from civic.kernel import loops
        from civic.realtime import registry as realtime
        from civic.territory import kinds
        from livestream import debate, telling
        from livestream.models import Sitting

        comments.register(debate.KIND)
        kinds.register("sitting", _("Session"))
        realtime.register("sitting", can_read=Sitting.stream_is_readable)
        loops.register("livestream.telling", telling.follow, every=1.0)
