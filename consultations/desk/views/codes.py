"""Codes by post: drawn for a list, printed once, replaced when lost. Plain codes are in one answer alone."""

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from civic.accounts.residence import person_key
from consultations import postal_codes
from consultations.desk.forms import PersonForm
from consultations.desk.views.doors import form_page, show
from consultations.desk.views.life import published_of
from consultations.models import Consultation, PostalCode


@sensitive_variables("code")
@sensitive_post_parameters()
@form_page(PersonForm)
def codes(request, pk):
    """How many are drawn, to print and printed; and the acts, each named by its button."""
    consultation, at = published_of(request, pk), timezone.now()
    act = request.POST.get("act")
    if act == "draw":
        number = postal_codes.draw(consultation, by=request.user)
        said = ngettext("%(count)s code is drawn.", "%(count)s codes are drawn.", number)
        messages.success(request, said % {"count": number})
        return redirect("clerk:codes", consultation.pk)
    if act == "printed":
        number = postal_codes.mark_printed(consultation, by=request.user, at=at)
        said = ngettext("%(count)s code is erased here.", "%(count)s codes are erased here.", number)
        messages.success(request, said % {"count": number})
        return redirect("clerk:codes", consultation.pk)
    form, code = PersonForm(request.POST or None), ""
    if form.is_valid():
        person = person_key(form.cleaned_data["name"], form.cleaned_data["birth_date"])
        code, form = postal_codes.replace(consultation, person, by=request.user, at=at), PersonForm()
    context = {"consultation": consultation, "figures": figures_of(consultation), "code": code}
    return show(request, "codes", context, form=form)


def figures_of(consultation: Consultation) -> dict[str, int]:
    held = PostalCode.objects.filter(consultation=consultation, revoked_at=None)
    people = consultation.resident_list.people.count() if consultation.resident_list else 0
    waiting, printed = held.filter(printed_at=None).count(), held.exclude(printed_at=None).count()
    return {"people": people, "waiting": waiting, "printed": printed, "left": max(people - waiting - printed, 0)}


@sensitive_variables("printed")
@form_page()
def letters(request, pk):
    """The letters, in the answer of a POST: no address opens them again. As a link it leads back."""
    consultation = published_of(request, pk)
    if request.method != "POST":
        return redirect("clerk:codes", consultation.pk)
    printed = list(postal_codes.letters(consultation))
    address = f"{settings.SITE_URL}{reverse('consultations:code', args=[consultation.pk])}"
    context = {"consultation": consultation, "letters": printed, "address": address}
    return render(request, "consultations/desk/letters.html", context)
