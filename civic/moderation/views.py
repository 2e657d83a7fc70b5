"""The queue, the case, and what moderators do there."""

from functools import wraps

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from civic.accounts.access import role_required
from civic.accounts.models import Role
from civic.kernel.caching import private_page
from civic.kernel.keyset import keyset_page
from civic.moderation import registry
from civic.moderation.forms import DecisionForm
from civic.moderation.models import Case
from civic.moderation.models.queue import ORDER

ROWS = 20
# The limit that the city gives itself for reading a petition (petitions.md).
TARGET_DAYS = 15


def act(view):
    """A POST of a moderator. Its address may come back as a link, after signing in: that leads to the page."""

    @wraps(view)
    def wrapper(request, **kwargs):
        if request.method == "POST":
            return view(request, **kwargs)
        return redirect("moderation:case" if kwargs else "moderation:queue", **kwargs)

    return require_http_methods(["GET", "HEAD", "POST"])(private_page(role_required(Role.MODERATOR)(wrapper)))


def case_of(request, pk: int) -> Case:
    """The case, for those who moderate where it is; 404 for others, as if it were not there."""
    return get_object_or_404(Case.objects.visible_to(request.user).select_related("subject", "claimed_by"), pk=pk)


@require_safe
@private_page
@role_required(Role.MODERATOR)
def queue(request):
    waiting = Case.objects.visible_to(request.user).waiting()
    page = keyset_page(waiting.with_holder(), order=ORDER, cursor=request.GET.get("apres", ""), size=ROWS)
    context = {
        "entries": entries(page.items),
        "waiting": waiting.count(),
        "oldest": waiting.order_by("opened_at").values_list("opened_at", flat=True).first(),
        "target_days": TARGET_DAYS,
        "next_url": f"?apres={page.next_cursor}" if page.next_cursor else "",
        "first_url": request.path if request.GET.get("apres") else "",
    }
    return render(request, "moderation/queue.html", context)


def entries(cases: list) -> list[dict]:
    """What the queue shows of each case; `holder` is who examines it now."""
    cards = registry.describe(case.subject for case in cases)
    return [
        {
            "case": case,
            "card": cards[case.subject_id],
            "kind": case.subject.kind_of,
            "holder": case.claimed_by if case.is_leased else None,
        }
        for case in cases
        if case.subject_id in cards
    ]


@require_safe
@private_page
@role_required(Role.MODERATOR)
def case(request, pk):
    return case_page(request, case_of(request, pk))


def case_page(request, case: Case, *, form: DecisionForm | None = None) -> HttpResponse:
    """The case as this moderator may see it; with a form that needs another look, 422."""
    card, holder = case.card(), case.holder()
    context = {
        "case": case,
        "card": card,
        "kind": case.subject.kind_of,
        "actions": case.actions(card),
        "holder": holder,
        "can_decide": case.can_be_decided_by(request.user, holder=holder),
        "is_own": case.is_written_by(request.user),
        "form": form or DecisionForm(case, revision=card.revision),
        "decisions": case.subject.decisions(),
    }
    return render(request, "moderation/case.html", context, status=422 if form else 200)


@act
def next_case(request):
    """Take the next free case, leaving the one given as `after`."""
    left = case_left(request)
    if left:
        left.release(request.user)
    found = Case.objects.next_for(request.user, after=left)
    if found:
        return redirect("moderation:case", found.pk)
    messages.info(request, _("No other case waits for you."))
    return redirect("moderation:queue")


def case_left(request) -> Case | None:
    given = request.POST.get("after", "")
    if not given.isdecimal() or len(given) > 18:
        return None
    return Case.objects.visible_to(request.user).filter(pk=int(given)).first()


@act
def claim(request, pk):
    case_of(request, pk).claim(request.user)
    return redirect("moderation:case", pk)


@act
def renew(request, pk):
    case_of(request, pk).renew(request.user)
    return HttpResponse(status=204)


@act
def release(request, pk):
    case_of(request, pk).release(request.user)
    return redirect("moderation:queue")


@act
def decide(request, pk):
    case = case_of(request, pk)
    form = DecisionForm(case, request.POST)
    if not form.is_valid():
        return case_page(request, case, form=form)
    decision = case.decide(request.user, at=timezone.now(), **form.cleaned_data)
    messages.success(
        request, _("“%(title)s”: %(measure)s.") % {"title": case.card().title, "measure": decision.measure}
    )
    return redirect("moderation:queue")
