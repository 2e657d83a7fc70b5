"""Writing a draft, one section at a time, each on the same consultation."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from civic.kernel import limits
from consultations import drafting
from consultations.desk.forms import DatesForm, EasyForm, NewForm, PeopleForm, SecrecyForm, TextForm
from consultations.desk.forms.kept import SectionForm
from consultations.desk.views.doors import draft_of, form_page, show
from consultations.models import Consultation


@dataclass(frozen=True)
class Section:
    """A part of a draft that has a page of its own."""

    form: type[SectionForm]
    title: Promise
    lead: Promise | str = ""
    template: str = "section"


SECTIONS = {
    "texte": Section(TextForm, gettext_lazy("Text")),
    "facile": Section(
        EasyForm,
        gettext_lazy("Easy-to-read version"),
        gettext_lazy("For readers who find long texts hard, and for everyone in a hurry."),
    ),
    "dates": Section(DatesForm, gettext_lazy("Dates"), template="dates"),
    "participants": Section(PeopleForm, gettext_lazy("Who may take part")),
    "secret": Section(
        SecrecyForm,
        gettext_lazy("Secrecy"),
        gettext_lazy("Residents read this before they take part, with its limits. It can’t be changed once published."),
    ),
}


@form_page(NewForm)
def new(request):
    form = NewForm(request.POST or None)
    if form.is_valid():
        limits.consume("consultation-draft", f"account:{request.user.pk}", rate="40/d")
        consultation = Consultation.draft(request.user, title=form.cleaned_data["title"])
        return redirect("clerk:section", consultation.pk, "texte")
    return show(request, "new", {}, form=form)


@form_page(*(part.form for part in SECTIONS.values()))
def section(request, pk, name):
    """The form of one section, over what is kept now."""
    if name not in SECTIONS:
        raise Http404
    part, consultation = SECTIONS[name], draft_of(request, pk)
    form = part.form(request.POST or None, consultation=consultation)
    if form.is_valid():
        keep(request.user, consultation, form)
        messages.success(request, _("“%(section)s” is kept.") % {"section": part.title})
        return redirect("clerk:consultation", consultation.pk)
    return show(request, part.template, {"consultation": consultation, "part": part}, form=form)


def keep(by, consultation: Consultation, form: SectionForm) -> None:
    if isinstance(form, DatesForm):
        drafting.set_timeline(consultation, by, form.timeline, revision=consultation.revision)
    else:
        drafting.edit(consultation, by, revision=consultation.revision, **form.cleaned_data)
