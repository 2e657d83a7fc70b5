from django.apps import AppConfig

from civic.realtime import registry


class AccountsConfig(AppConfig):
    name = "civic.accounts"

    def ready(self):
        # Once the models exist. Importing the receivers connects them.
        from civic.accounts import receivers, sessions  # noqa: F401

        registry.find_users_with(sessions.session_user)
