"""One's own account."""

from allauth.mfa.models import Authenticator
from allauth.usersessions.internal.flows.sessions import end_sessions
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from civic.accounts.forms import AccountForm
from civic.accounts.models import Role, User
from civic.kernel.caching import private_page
from civic.kernel.errors import TooManyRequests


@private_page
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def home(request: HttpRequest) -> HttpResponse:
    """What we know of the person, and the way to change each part."""
    # Read anew: the request's own may be two seconds old, and a change must show at once.
    person = get_object_or_404(User.objects.select_related("quarter"), pk=request.user.pk)
    form = AccountForm(person, request.POST or None)
    if form.is_valid():
        form.save()
        messages.success(request, _("Your changes are kept."))
        return redirect("accounts:home")
    factors = Authenticator.objects.filter(user=person).exclude(type=Authenticator.Type.RECOVERY_CODES)
    sessions = UserSession.objects.filter(user=person).count()
    held = {role for role, _space in person.rights_in_force()}
    return render(
        request,
        "account/home.html",
        {
            "person": person,
            "form": form,
            "roles": [role for role in Role if role in held],
            "has_second_factor": factors.exists(),
            "session_count": sessions,
        },
        status=422 if form.is_bound else 200,
    )


@private_page
@login_required
@require_POST
def close_session(request: HttpRequest, pk: int) -> HttpResponse:
    """End one session of one's own; the one in use is a sign-out."""
    session = get_object_or_404(UserSession, pk=pk, user_id=request.user.pk)
    end_sessions(request, [session])
    return redirect("usersessions_list")


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """`handler429`: what allauth shows where one of its limits is passed; most of them last a minute."""
    return TooManyRequests(retry_after=60).as_response(request)
