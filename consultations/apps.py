from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConsultationsConfig(AppConfig):
    name = "consultations"

    def ready(self):
        # Models load with the apps: what needs them is imported once they are there.
        from civic.kernel import loops
        from civic.realtime import registry as realtime
        from civic.territory import kinds
        from consultations import turnout
        from consultations.models import Consultation

        kinds.register("consultation", _("Consultation"))
        realtime.register("consultation", can_read=Consultation.stream_is_readable)
        loops.register("consultations.voters", turnout.follow, every=1.0)
