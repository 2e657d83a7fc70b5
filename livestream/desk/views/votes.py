"""Votes of the council on one item: entered once each, and corrected by one that replaces it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from civic.kernel.text import whole_number
from livestream.desk.forms.votes import FORMS, Voters
from livestream.desk.views.doors import BESIDE, form_page, item_of, show, sitting_of
from livestream.models import Councillor, Division, Item, Method, Outcome, Sitting, attendance
from livestream.models import shown as kept
from livestream.models.division import record


@form_page(*FORMS.values())
def vote(request, pk, item):
    """Those that were entered, the ways of voting, and the form of the one in the address; hands, where none is."""
    sitting, at = sitting_of(request, pk), timezone.now()
    if not sitting.is_council:
        raise Http404
    found = item_of(request, sitting, item)
    former = former_of(request, found)
    voters = voters_at(sitting, former.voted_at if former else at)
    method = request.GET.get("maniere") or (former.method if former else Method.HANDS)
    form = None
    if method in FORMS:
        form = FORMS[method](request.POST or None, item=found, voters=voters, former=former)
    if form is not None and form.is_valid():
        made = record(
            found,
            request.user,
            method=method,
            seen=form.cleaned_data["seen"],
            at=at,
            subject=form.cleaned_data["subject"],
            voices=form.voices,
            totals=form.totals,
        )
        messages.success(request, said_of(made))
        return redirect("sitting:vote", sitting.pk, found.pk)
    context = {
        "sitting": sitting,
        "item": found,
        "former": former,
        "votes": kept.agenda_of(sitting, only=[found.pk]).entries[0].votes,
        "method": Method(method) if form else None,
        "methods": Method,
        "voters": voters,
        "is_under_way": sitting.is_under_way,
        "can_vote": sitting.is_under_way and not found.is_off,
        "scripts": BESIDE,
    }
    return show(request, "vote", context, form=form)


def former_of(request, item: Item) -> Division | None:
    """The vote that is corrected: the newest of those that begin with the one in the address."""
    named = request.GET.get("corrige", "")
    found = item.divisions.filter(pk=whole_number(named) or 0).first()
    if named and found is None:
        raise Http404
    return item.divisions.filter(subject=found.subject, replaced_by=None).first() if found else None


def voters_at(sitting: Sitting, at) -> Voters:
    """Who was there or represented, and whether they were enough."""
    there = attendance.present_at(sitting, at)
    represented = attendance.represented_at(sitting, at, there=there)
    ordered = Councillor.objects.filter(pk__in=there | set(represented)).select_related("group")
    members = list(ordered.order_by("group__rank", "group__name", "rank", "name"))
    names = {member.pk: member.name for member in members}
    holders = {giver: names[holder] for giver, holder in represented.items()}
    return Voters(members, holders, attendance.quorum(sitting, at=at, there=there))


def said_of(division: Division) -> str:
    if division.outcome == Outcome.CASTING_VOTE:
        return _("The vote is entered. It was a tie: the chair’s casting vote decides.")
    return _("The vote is entered: %(outcome)s.") % {"outcome": str(division.outcome.label).lower()}
