from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "civic.accounts"

    def ready(self):
        from civic.accounts import receivers  # noqa: F401 - connects them, once the models exist
