"""Who asks, and whether staff have shown their second factor."""

import time
from functools import partial

from allauth.account.authentication import get_authentication_records
from asgiref.sync import sync_to_async
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.functional import SimpleLazyObject
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from civic.accounts.sessions import session_user
from civic.kernel.caching import has_session
from civic.kernel.errors import NotAllowed

# Routes by which staff come to have shown a second factor. Once one is enrolled, only showing it
# helps: a session with nothing but the password must not add one of its own, nor read the codes.
ALWAYS_OPEN = {"account_logout"}
TO_ENROL = {
    "account_reauthenticate",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_add_webauthn",
}
TO_SHOW = {"mfa_reauthenticate", "mfa_reauthenticate_webauthn"}

# Changes by which an account can be taken over. allauth asks for the password or the factor once more;
# an account that has neither must have signed in a moment ago (ASVS 5.0, 7.5.1).
TAKING_OVER = {"account_email", "account_set_password", "mfa_activate_totp", "mfa_add_webauthn"}
A_MOMENT = 15 * 60  # seconds


session_user_in_a_thread = sync_to_async(session_user)


class SecondFactorRequired(NotAllowed):
    title = _("A second factor is needed")
    sentence = _("Your role opens only with a second factor. Nothing was changed.")


class SignInAgain(NotAllowed):
    title = _("Please sign in once more")
    sentence = _("You signed in some time ago. To change this, sign out, then sign in again with a new code.")


class SessionUserMiddleware(AuthenticationMiddleware):
    """`request.user` is the session's account, with its second factor looked at, or an anonymous visitor."""

    def process_request(self, request):
        request.user = SimpleLazyObject(partial(session_user, request.session))
        request.auser = partial(session_user_in_a_thread, request.session)

    def process_response(self, request, response):
        """What says nothing of caches is for this visitor only: allauth's forms, codes and secrets among it."""
        if not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_store=True)
        return response


class SecondFactorMiddleware:
    """Sends staff who have not shown a second factor in this session to do so, before anything else."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        # Without its cookie there is no session to look at, and the page may be everybody's.
        if not has_session(request) or not request.user.is_authenticated:
            return None
        name, user = request.resolver_match.url_name, request.user
        if user.factor_pending and name not in ALWAYS_OPEN | (TO_SHOW if user.has_factor else TO_ENROL):
            return self.refuse(request, is_enrolled=user.has_factor)
        if name in TAKING_OVER and not (user.has_usable_password() or user.has_factor or _is_fresh(request)):
            again = urlencode({"next": reverse("account_request_login_code")})
            way = f"{reverse('account_logout')}?{again}"
            return SignInAgain(next_url=way, next_label=gettext("Sign out")).as_response(request)
        return None

    def refuse(self, request: HttpRequest, *, is_enrolled: bool) -> HttpResponse:
        """A page asked for leads to the second factor and back; anything else is refused outright."""
        if request.method not in ("GET", "HEAD") or not _wants_page(request):
            return SecondFactorRequired().as_response(request)
        if is_enrolled:
            query = urlencode({"next": request.get_full_path()})
            return redirect(f"{reverse('mfa_reauthenticate')}?{query}")
        return redirect("mfa_activate_totp")


def _wants_page(request: HttpRequest) -> bool:
    return "text/html" in request.headers.get("Accept", "text/html")


def _is_fresh(request: HttpRequest) -> bool:
    records = get_authentication_records(request, request.user)
    return any(time.time() - record["at"] < A_MOMENT for record in records)
