"""What every page is given."""

from django.conf import settings
from django.urls import translate_url
from django.utils.translation import get_language


def page(request):
    """City, demo flag, the page's other language, and whether the visitor has a session.

    Templates ask `has_session` before `user` or `messages`: touching the session would make a
    page that is the same for all vary by cookie.
    """
    other = "en" if get_language() == "fr" else "fr"
    return {
        "city": settings.CITY,
        "site_url": settings.SITE_URL,
        "demo": settings.DEMO,
        "has_session": settings.SESSION_COOKIE_NAME in request.COOKIES,
        # The part of the site, for the menu; an address that leads nowhere has none.
        "section": request.resolver_match.app_name if request.resolver_match else "",
        "other_language": {"code": other, "url": translate_url(request.get_full_path(), other)},
    }
