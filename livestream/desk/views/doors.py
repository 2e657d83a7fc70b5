"""Who comes in: clerks and administrators, each to the sessions that they run."""

from typing import Any

from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from civic.accounts.access import role_required
from civic.kernel.caching import private_page
from civic.kernel.errors import DomainError
from civic.kernel.giving_back import giving_back, status_of
from civic.kernel.text import whole_number
from livestream.models import Councillor, Item, Sitting
from livestream.models.states import CLERKS

# What a page needs that two clerks may look at together.
BESIDE = ["js/live.js", "js/fresh.js"]
REFUSED = "livestream/desk/refused.html"


class GoneMeanwhile(DomainError):
    title = _("This is no longer there")
    sentence = _("Someone else took it away in the meantime. Nothing of yours was kept.")


def page(view):
    """A page that clerks read."""
    return require_safe(private_page(role_required(*CLERKS)(view)))


def form_page(*sent: type[BaseForm]):
    """A page of clerks with the forms that it takes: shown, then sent. Refused by a rule, what was typed comes back."""

    def decorate(view):
        kept = giving_back(*sent, template=REFUSED)(view)
        return require_http_methods(["GET", "HEAD", "POST"])(private_page(role_required(*CLERKS)(kept)))

    return decorate


def sitting_of(request: HttpRequest, pk: int) -> Sitting:
    """The session with its life, for those who run it; 404 for others, as if it were not there."""
    rows = Sitting.objects.run_by(request.user).with_life()
    return get_object_or_404(rows.select_related("space", "stream", "theme", "chair", "secretary"), pk=pk)


def item_of(request: HttpRequest, sitting: Sitting, pk: int | str | None) -> Item:
    """An item of that session. Raises GoneMeanwhile where something was sent for it, else 404."""
    found = sitting.items.with_state().filter(pk=whole_number(str(pk)) or 0).first()
    if found is None:
        raise gone(request)
    found.sitting = sitting
    return found


def member_of(request: HttpRequest, sitting: Sitting, pk: str | None) -> Councillor:
    """A member in office on the day of that session. Raises GoneMeanwhile."""
    found = Councillor.objects.in_office(sitting.day).filter(pk=whole_number(pk) or 0).first()
    if found is None:
        raise GoneMeanwhile
    return found


def gone(request: HttpRequest) -> Exception:
    """A page that is not there; or, to whoever has sent something, that it was there until a moment ago."""
    return GoneMeanwhile() if request.method == "POST" else Http404()


def number_in(request: HttpRequest, name: str) -> int | None:
    """A number that a button or a hidden field carried; None where it carries none."""
    return whole_number(request.POST.get(name))


def show(request, template: str, context: dict[str, Any], *, form: Any = None) -> HttpResponse:
    """A page of the desk: 422 where its form needs another look, 409 where someone else was quicker."""
    return shown(request, template, context | {"form": form}, status=status_of(form))


def shown(request, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    context = {"section": "clerk", "tab": "sittings"} | context
    return render(request, f"livestream/desk/{template}.html", context, status=status)
