"""Who may keep a page, and for how long."""

from functools import wraps

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.utils.cache import patch_cache_control

# Seconds that a public page may be shown after the database went away; a text that was
# hidden is gone from every cache within a minute (trust.md), which bounds it.
STALE_IF_ERROR = 50


def has_session(request) -> bool:
    return settings.SESSION_COOKIE_NAME in request.COOKIES


def public_page(view=None, *, max_age=2):
    """The same page for every visitor without a session, kept `max_age` seconds by shared caches.

    Someone with a session gets the same template with personal links, and no cache keeps it.
    """
    if view is None:
        return lambda function: public_page(function, max_age=max_age)

    @wraps(view)
    def wrapper(request, *args, **kwargs):
        if has_session(request):
            response = view(request, *args, **kwargs)
            patch_cache_control(response, private=True, no_store=True)
            return response
        # No look at the session: the page can't depend on it, nor say `Vary: Cookie`.
        request.user = AnonymousUser()
        response = view(request, *args, **kwargs)
        if response.status_code in (200, 301, 404, 410):
            patch_cache_control(
                response, public=True, max_age=max_age, stale_while_revalidate=1, stale_if_error=STALE_IF_ERROR
            )
        return response

    return wrapper


def private_page(view):
    """A page that is personal or holds a form: no cache keeps it."""

    @wraps(view)
    def wrapper(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        patch_cache_control(response, private=True, no_store=True)
        return response

    return wrapper
