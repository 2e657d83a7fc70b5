"""The acts of a consultation's life: publishing, correcting, moving a date, withdrawing, proclaiming, deciding."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations import offering
from consultations.desk.forms import (
    ConfirmForm,
    CorrectionForm,
    DecisionForm,
    ExtensionForm,
    LimitsCorrectionForm,
    OfferForm,
    OptionCorrectionForm,
    ReasonForm,
    TakeOutForm,
)
from consultations.desk.views.doors import consultation_of, draft_of, form_page, question_of, show
from consultations.models import Consultation, Option, State


def published_of(request, pk: int) -> Consultation:
    """A consultation that is public; a draft has none of these pages."""
    consultation = consultation_of(request, pk)
    if not consultation.is_published:
        raise Http404
    return consultation


@form_page()
def publish(request, pk):
    """Says what will be frozen, and what is missing; then publishes."""
    consultation, at = draft_of(request, pk), timezone.now()
    form = ConfirmForm(request.POST or None, initial={"seen": consultation.revision})
    if form.is_valid():
        consultation.publish(request.user, at=at, revision=form.cleaned_data["seen"])
        messages.success(request, _("It is published."))
        return redirect("clerk:consultation", consultation.pk)
    context = {"consultation": consultation, "lacks": consultation.missing(at=at)}
    return show(request, "publish", context, form=form)


# --- Corrections --------------------------------------------------------------------------


@form_page(CorrectionForm)
def correct(request, pk):
    """The public words, to be corrected with an explanation; choices and limits each have a page of their own."""
    consultation = published_of(request, pk)
    form = CorrectionForm(request.POST or None, consultation=consultation)
    if form.is_valid():
        return corrected(request, consultation, form, **form.corrections)
    options = Option.objects.filter(question__consultation=consultation).order_by("question__rank", "rank")
    context = {
        "consultation": consultation,
        "options": options.select_related("question"),
        "questions": form.questions,
        "limited": [question for question in form.questions if LimitsCorrectionForm(question=question).has_limits],
        "can_change_rules": consultation.can_change_rules_at(timezone.now()),
    }
    return show(request, "correct", context, form=form)


@form_page(LimitsCorrectionForm)
def correct_limits(request, pk, question):
    """How many choices or points a question has, and its sum to spend: until the vote opens."""
    consultation = published_of(request, pk)
    asked = question_of(request, consultation, question)
    form = LimitsCorrectionForm(request.POST or None, question=asked)
    if not form.has_limits:
        raise Http404
    if form.is_valid():
        return corrected(request, consultation, form, questions={asked.slug: form.changes})
    can_change = consultation.can_change_rules_at(timezone.now())
    context = {"consultation": consultation, "question": asked, "can_change_rules": can_change}
    return show(request, "correct_limits", context, form=form)


@form_page(OptionCorrectionForm)
def correct_option(request, pk, option):
    """The words of one choice at any time; its cost until the vote opens."""
    consultation = published_of(request, pk)
    choice = choice_of(consultation, option)
    can_change = consultation.can_change_rules_at(timezone.now())
    form = OptionCorrectionForm(request.POST or None, option=choice, with_cost=can_change)
    if form.is_valid():
        return corrected(request, consultation, form, options={(choice.question.slug, choice.slug): form.changes})
    context = {"consultation": consultation, "option": choice, "can_change_rules": can_change}
    return show(request, "correct_option", context, form=form)


def choice_of(consultation: Consultation, pk: int) -> Option:
    choice = get_object_or_404(Option.objects.select_related("question"), pk=pk, question__consultation=consultation)
    choice.question.consultation = consultation
    return choice


@form_page(OfferForm)
def offer(request, pk, question):
    """One choice more on a published ballot, until the vote opens."""
    consultation = published_of(request, pk)
    asked = question_of(request, consultation, question)
    form = OfferForm(request.POST or None, question=asked)
    if form.is_valid():
        explanation = form.cleaned_data["explanation"]
        offering.offer(asked, request.user, form.row, explanation=explanation, at=timezone.now())
        messages.success(request, _("The choice is on the ballot, and everyone reads why."))
        return redirect("clerk:correct", consultation.pk)
    can_change = consultation.can_change_rules_at(timezone.now())
    context = {"consultation": consultation, "question": asked, "can_change_rules": can_change}
    return show(request, "offer", context, form=form)


@form_page(TakeOutForm)
def take_out(request, pk, option):
    """One choice less on a published ballot, until the vote opens."""
    consultation = published_of(request, pk)
    choice = choice_of(consultation, option)
    form = TakeOutForm(request.POST or None)
    if form.is_valid():
        offering.take_out(choice, request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("The choice is off the ballot, and everyone reads why."))
        return redirect("clerk:correct", consultation.pk)
    can_change = consultation.can_change_rules_at(timezone.now())
    context = {"consultation": consultation, "option": choice, "can_change_rules": can_change}
    return show(request, "take_out", context, form=form)


def corrected(request, consultation, form, **changes):
    explanation = form.cleaned_data["explanation"]
    consultation.correct(
        request.user, explanation=explanation, at=timezone.now(), revision=consultation.revision, **changes
    )
    messages.success(request, _("The correction is public, with its date. Those who had voted before are told."))
    return redirect("clerk:consultation", consultation.pk)


# --- Dates, withdrawal, decision ------------------------------------------------------------


@form_page(ExtensionForm)
def extend(request, pk):
    consultation = published_of(request, pk)
    form = ExtensionForm(request.POST or None, consultation=consultation)
    if form.is_valid():
        dates = {name: form.cleaned_data[name] for name in ("opens_at", "closes_at") if form.cleaned_data[name]}
        kind, reason = form.cleaned_data["phase"].kind, form.cleaned_data["reason"]
        consultation.extend(request.user, kind=kind, reason=reason, at=timezone.now(), **dates)
        messages.success(request, _("The new date is public, with its reason."))
        return redirect("clerk:consultation", consultation.pk)
    context = {"consultation": consultation, "phases": consultation.phases.all()}
    return show(request, "extend", context, form=form)


@form_page(ReasonForm)
def withdraw(request, pk):
    consultation = published_of(request, pk)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        consultation.withdraw(request.user, reason=form.cleaned_data["reason"], at=timezone.now())
        messages.success(request, _("The consultation is withdrawn, and its page says why."))
        return redirect("clerk:consultation", consultation.pk)
    return show(request, "withdraw", {"consultation": consultation}, form=form)


@form_page(DecisionForm)
def decide(request, pk):
    consultation = published_of(request, pk)
    form = DecisionForm(request.POST or None)
    if form.is_valid():
        consultation.decide(request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("The decision is public, beside the result."))
        return redirect("clerk:consultation", consultation.pk)
    state = consultation.state_at(timezone.now())
    context = {"consultation": consultation, "is_due": state == State.PROCLAIMED}
    return show(request, "decide", context, form=form)
