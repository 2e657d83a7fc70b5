from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    """What differs here from allauth's ordinary ways."""


def display_name(user) -> str:
    return user.name
