from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "civic.portal"
