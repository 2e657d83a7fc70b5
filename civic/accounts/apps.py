from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "civic.accounts"

    def ready(self):
        from civic.accounts import second_factor  # noqa: F401 - connects to allauth's signal
