"""The scrutineers' pages: each sees those of a consultation whose box they help to keep; clerks see the count."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from civic.accounts.access import role_required
from civic.accounts.models import Role
from civic.kernel.caching import private_page
from consultations import eligibility, keys, opening, progress
from consultations.models import Consultation, Result, Scrutineer
from consultations.models.states import CLERKS
from consultations.scrutiny.forms import CountForm, KeyForm, PersonForm, TestForm


def page(view, *roles):
    return require_safe(private_page(role_required(*(roles or [Role.SCRUTINEER]))(view)))


def form_page(view, *roles):
    allowed = role_required(*(roles or [Role.SCRUTINEER]))
    return require_http_methods(["GET", "HEAD", "POST"])(private_page(allowed(view)))


def own(request, pk: int) -> Scrutineer:
    """The reader's own place among the scrutineers of that consultation; 404 for everyone else."""
    rows = Scrutineer.objects.select_related("consultation__space", "consultation__turnout", "user")
    scrutineer = get_object_or_404(rows, consultation=pk, user=request.user)
    if not request.user.has_role(Role.SCRUTINEER, space=scrutineer.consultation.space):
        raise Http404
    return scrutineer


def counted_by(request, pk: int) -> Consultation:
    """A consultation whose count this person may run: a scrutineer of it, or a clerk. 404 for others."""
    consultation = get_object_or_404(Consultation.objects.with_life().select_related("space"), pk=pk)
    is_scrutineer = request.user.has_role(Role.SCRUTINEER, space=consultation.space)
    if not is_scrutineer and not consultation.can_be_run_by(request.user):
        raise Http404
    return consultation


def shown(request, name, consultation, context, *, status=200):
    context = {"consultation": consultation, "at": timezone.now()} | context
    return render(request, f"consultations/scrutiny/{name}.html", context, status=status)


@page
def home(request, pk):
    """Where things stand: my key, my colleagues' keys, the vote, the count, what to do next."""
    scrutineer, at = own(request, pk), timezone.now()
    consultation = scrutineer.consultation
    context = {
        "scrutineer": scrutineer,
        "scrutineers": consultation.scrutineers.select_related("user"),
        "state": consultation.state_at(at),
        "vote": consultation.vote,
        "can_read_roll": consultation.can_read_roll(request.user, at=at),
        "appeals_end_at": consultation.appeals_end_at,
    }
    return shown(request, "home", consultation, context)


@form_page
def key(request, pk):
    """The key is made in the browser, or elsewhere by the command; only its public half is sent."""
    scrutineer = own(request, pk)
    form = KeyForm(request.POST or None)
    if form.is_valid():
        scrutineer.give_key(form.cleaned_data["public_key"], at=timezone.now())
        return redirect("scrutiny:test", pk)
    context = {"scrutineer": scrutineer, "form": form}
    return shown(request, "key", scrutineer.consultation, context, status=422 if form.is_bound else 200)


@form_page
def test(request, pk):
    """A sealed sample is opened with the key that was kept; the key itself stays where it is."""
    scrutineer = own(request, pk)
    if not scrutineer.public_key:
        return redirect("scrutiny:key", pk)
    form = TestForm(request.POST or None)
    if form.is_valid():
        scrutineer.pass_test(**form.cleaned_data, at=timezone.now())
        messages.success(request, _("Your key opens what was sealed for it. Keep it until the count."))
        return redirect("scrutiny:home", pk)
    sample = keys.sample_for(scrutineer.public_key)
    if not form.is_bound:
        form = TestForm(initial={"token": sample.token})
    context = {"scrutineer": scrutineer, "form": form, "sample": sample}
    return shown(request, "test", scrutineer.consultation, context, status=422 if form.is_bound else 200)


@form_page
@sensitive_post_parameters()
def roll(request, pk):
    """Who asks "why can't I vote?" or "I have not voted" gets an answer; nothing about a choice is known here."""
    consultation = own(request, pk).consultation
    form, fact = PersonForm(request.POST or None, consultation=consultation), None
    if form.is_valid():
        # Read, not raised: for the scrutineer it is the answer that was asked for.
        fact = eligibility.ask_roll(consultation, request.user, at=timezone.now(), **form.cleaned_data)
    is_open = consultation.can_read_roll(request.user, at=timezone.now())
    status = 422 if form.is_bound and not form.is_valid() else 200
    return shown(request, "roll", consultation, {"form": form, "fact": fact, "is_open": is_open}, status=status)


def _count(request, pk):
    consultation = counted_by(request, pk)
    if progress.of(consultation):
        return redirect("scrutiny:progress", pk)
    form = CountForm(request.POST if request.method == "POST" else None, consultation=consultation)
    if form.is_valid():
        keys_brought = form.private_keys
        is_done = opening.begin(consultation, by=request.user, private_keys=keys_brought, at=timezone.now())
        return redirect("scrutiny:record" if is_done else "scrutiny:progress", pk)
    at = timezone.now()
    is_over = consultation.vote is not None and consultation.vote.has_closed_at(at)
    context = {"form": form, "is_over": is_over, "vote": consultation.vote}
    return shown(request, "count", consultation, context, status=422 if form.is_bound else 200)


# Keys are in this request's memory and nowhere else: no report of an error holds its body or its variables.
count = form_page(sensitive_post_parameters()(sensitive_variables()(_count)), Role.SCRUTINEER, *CLERKS)


def _progress(request, pk):
    """How far a long count is. Whoever runs the count may leave this page and come back: the count goes on."""
    consultation = counted_by(request, pk)
    if consultation.counted_at:
        return redirect("scrutiny:record", pk)
    return shown(request, "progress", consultation, {"progress": progress.of(consultation)})


under_way = page(_progress, Role.SCRUTINEER, *CLERKS)


def _record(request, pk):
    """The official record of the count: who kept keys, how many voters, envelopes and ballots; no result."""
    consultation = counted_by(request, pk)
    result = get_object_or_404(Result, consultation=consultation)
    scrutineers = consultation.scrutineers.select_related("user")
    return shown(request, "record", consultation, {"result": result, "scrutineers": scrutineers})


record = page(_record, Role.SCRUTINEER, *CLERKS)
