"""Who comes in: moderators alone, each to the cases of their own spaces."""

from functools import wraps

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from civic.accounts.access import role_required
from civic.accounts.models import Role, User
from civic.kernel.caching import private_page
from civic.moderation.models import Case, Desk


def page(view):
    """A page that moderators read."""
    return require_safe(private_page(role_required(Role.MODERATOR)(view)))


def form_page(view):
    """A page of moderators with its form: shown, then sent."""
    return require_http_methods(["GET", "HEAD", "POST"])(private_page(role_required(Role.MODERATOR)(view)))


def act(view):
    """A POST of a moderator. Its address may come back as a link, after signing in: that leads to the page."""

    @wraps(view)
    def wrapper(request, **kwargs):
        if request.method == "POST":
            return view(request, **kwargs)
        return redirect("moderation:case" if kwargs else "moderation:queue", **kwargs)

    return form_page(wrapper)


def case_of(request, pk: int) -> Case:
    """The case, for those who moderate where it is; 404 for others, as if it were not there."""
    return get_object_or_404(Case.objects.visible_to(request.user).with_holder(), pk=pk)


def onwards(request, case: Case, *, takes_next: bool) -> HttpResponse:
    """To the next free case, taken, or back to the queue; either page says what became of the one that was left."""
    found = Case.objects.next_for(request.user, after=case) if takes_next else None
    if takes_next and found is None:
        messages.info(request, _("No other case waits for you."))
    to = reverse("moderation:case", args=[found.pk]) if found else reverse("moderation:queue")
    return redirect(f"{to}?avant={case.pk}")


def followed(user: User) -> list[Desk]:
    """The desks that a page follows; ask before anything that the page shows, so that nothing is missed between."""
    return list(Desk.objects.of_user(user).select_related("stream"))
