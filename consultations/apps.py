from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConsultationsConfig(AppConfig):
    name = "consultations"

    def ready(self):
        # Models load with the apps: what needs them is imported once they are there.
        from civic.realtime import registry as realtime
        from civic.territory import kinds
        from consultations.models import Consultation

        kinds.register("consultation", _("Consultation"))
        realtime.register("consultation", can_read=Consultation.stream_is_readable)
