from django.apps import AppConfig


class ConsultationsConfig(AppConfig):
    name = "consultations"

    def ready(self):
        # Models load with the apps: what needs them is imported once they are there.
        from civic.realtime import registry as realtime
        from consultations.models import Consultation

        realtime.register("consultation", can_read=Consultation.stream_is_readable)
