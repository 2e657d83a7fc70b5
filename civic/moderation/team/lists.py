"""The lists that the team keeps: reasons, terms, saved replies. One page each, and one form for an entry."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from civic.kernel.keyset import keyset_page
from civic.moderation import screening
from civic.moderation.models import Match, Reason, SavedReply, Term
from civic.moderation.models.kept import Kept
from civic.moderation.screening.verdicts import find
from civic.moderation.team.doors import keepers_only
from civic.moderation.team.forms import KeptForm, ReasonForm, SavedReplyForm, TermForm, TrialForm

ROWS = 100


@dataclass(frozen=True)
class KeptList:
    """A list, under its name in addresses and templates ("reasons"; an entry's are "reason" and "reason-new")."""

    name: str
    entry: str
    model: type[Kept]
    form: type[KeptForm]
    title: Promise
    add: Promise


REASONS = KeptList("reasons", "reason", Reason, ReasonForm, gettext_lazy("Reasons"), gettext_lazy("Add a reason"))
TERMS = KeptList("terms", "term", Term, TermForm, gettext_lazy("Words and links"), gettext_lazy("Add a word or a site"))
REPLIES = KeptList(
    "replies", "reply", SavedReply, SavedReplyForm, gettext_lazy("Saved replies"), gettext_lazy("Add a reply")
)


@require_safe
@keepers_only
def index(request, kept):
    entries = kept.model._default_manager.select_related(*(["reason"] if kept is REPLIES else []))
    sought = request.GET.get("cherche", "").strip()[:80]
    if sought and kept is TERMS:
        entries = entries.filter(pattern__icontains=sought)
    order = tuple(kept.model._meta.ordering)
    page = keyset_page(entries, order=order, cursor=request.GET.get("apres", ""), size=ROWS)
    kept_query = {"cherche": sought} if sought else {}
    context = {"kept": kept, "entries": page.items, "sought": sought, "section": "moderation", "tab": kept.name}
    context["next_url"] = f"?{urlencode(kept_query | {'apres': page.next_cursor})}" if page.next_cursor else ""
    context["first_url"] = f"?{urlencode(kept_query)}" if request.GET.get("apres") else ""
    return render(request, f"moderation/team/{kept.name}.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@keepers_only
def entry(request, kept, pk=None):
    """The form of one entry, to change it, or without `pk` to add one."""
    instance = get_object_or_404(kept.model, pk=pk) if pk else None
    form = kept.form(request.POST or None, instance=instance)
    if form.is_valid():
        form.instance.keep(request.user)
        messages.success(request, _("“%(entry)s” is kept.") % {"entry": name_of(form.instance)})
        return redirect(f"moderation:{kept.name}")
    context = {
        "kept": kept,
        "form": form,
        "entry": instance and name_of(instance),
        "section": "moderation",
        "tab": kept.name,
    }
    return render(request, "moderation/team/entry.html", context, status=422 if form.errors else 200)


def name_of(entry: Kept) -> str:
    return getattr(entry, "label", "") or str(entry)


@require_http_methods(["GET", "HEAD", "POST"])
@keepers_only
def trial(request):
    """What the list finds in a text; nothing is kept of it."""
    form = TrialForm(request.POST or None)
    context = {"form": form, "section": "moderation", "tab": TERMS.name}
    if form.is_valid():
        text = form.cleaned_data["text"]
        hits = find(text, Term.objects.in_use())
        matches = [Match(term=term, signal=term.kind, start=hit.start, end=hit.end) for term, hit in hits]
        context |= {"matches": matches, "marked": screening.mark([text], matches)[0], "is_tried": True}
    return render(request, "moderation/team/trial.html", context, status=422 if form.errors else 200)
