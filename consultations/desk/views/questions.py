"""The questions of a draft, and the choices of each."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from civic.kernel.uploads import takes_file
from consultations import drafting
from consultations.desk.forms import OptionForm, OptionTableForm, QuestionForm, WayForm
from consultations.desk.forms.questions import LARGEST_TABLE
from consultations.desk.views.doors import draft_of, form_page, option_of, page, question_of, show, shown
from consultations.desk.ways import way_of, with_ways
from consultations.models.question import MOST_OPTIONS


@page
def questions(request, pk):
    consultation = draft_of(request, pk)
    asked = with_ways(consultation.questions.prefetch_related("options"))
    return shown(request, "questions", {"consultation": consultation, "asked": asked})


@form_page(WayForm)
def new_question(request, pk):
    consultation = draft_of(request, pk)
    form = WayForm(request.POST or None)
    if form.is_valid():
        question = drafting.add_question(consultation, request.user, **form.chosen_fields)
        return redirect("clerk:question", consultation.pk, question.pk)
    return show(request, "way", {"consultation": consultation}, form=form)


@form_page(WayForm)
def way(request, pk, question):
    """Another way to answer and count a question that is there."""
    consultation = draft_of(request, pk)
    asked = question_of(request, consultation, question)
    form = WayForm(request.POST or None, initial=WayForm.over(asked), kind=asked.kind)
    if form.is_valid():
        drafting.change_way(asked, request.user, revision=consultation.revision, **form.chosen_fields)
        return redirect("clerk:question", consultation.pk, asked.pk)
    return show(request, "way", {"consultation": consultation, "question": asked}, form=form)


@form_page(QuestionForm)
def question(request, pk, question):
    """One question: its words and limits, and the list of its choices."""
    consultation = draft_of(request, pk)
    asked = question_of(request, consultation, question)
    form = QuestionForm(request.POST or None, question=asked)
    if form.is_valid():
        drafting.edit_question(asked, request.user, revision=consultation.revision, **form.cleaned_data)
        messages.success(request, _("The question is kept."))
        return redirect("clerk:question", consultation.pk, asked.pk)
    return question_page(request, consultation, asked, form=form)


def question_page(request, consultation, asked, *, form):
    options = list(asked.options.all())
    context = {
        "consultation": consultation,
        "question": asked,
        "way": form.way,
        "options": options,
        "total": sum(option.cost or 0 for option in options),
        "room": MOST_OPTIONS - len(options),
    }
    return show(request, "question", context, form=form)


@form_page()
def remove_question(request, pk, question):
    consultation = draft_of(request, pk)
    asked = question_of(request, consultation, question)
    if request.method == "POST":
        drafting.remove_question(asked, request.user)
        messages.success(request, _("The question is gone, with its choices."))
        return redirect("clerk:questions", consultation.pk)
    return shown(request, "remove_question", {"consultation": consultation, "question": asked})


# --- Choices --------------------------------------------------------------------------------


@form_page(OptionForm)
def new_option(request, pk, question):
    """One choice more; then the next one, on the same page."""
    consultation = draft_of(request, pk)
    asked = question_of(request, consultation, question)
    form = OptionForm(request.POST or None, question=asked)
    if form.is_valid():
        drafting.add_options(asked, request.user, [form.cleaned_data])
        messages.success(request, _("“%(choice)s” is added.") % {"choice": form.cleaned_data["label"]})
        return redirect("clerk:option-new" if "more" in request.POST else "clerk:question", consultation.pk, asked.pk)
    return show(request, "option", {"consultation": consultation, "question": asked}, form=form)


@form_page(OptionForm)
def option(request, pk, question, option):
    consultation = draft_of(request, pk)
    asked = question_of(request, consultation, question)
    choice = option_of(request, asked, option)
    form = OptionForm(request.POST or None, question=asked, option=choice)
    if form.is_valid():
        drafting.edit_option(choice, request.user, revision=consultation.revision, **form.cleaned_data)
        messages.success(request, _("“%(choice)s” is kept.") % {"choice": choice.label})
        return redirect("clerk:question", consultation.pk, asked.pk)
    return show(request, "option", {"consultation": consultation, "question": asked, "option": choice}, form=form)


@form_page()
def arrange(request, pk, question, option):
    """Move a choice up or down, or take it away. Its address may come back as a link, after signing in."""
    consultation = draft_of(request, pk)
    asked = question_of(request, consultation, question)
    choice = option_of(request, asked, option)
    match request.POST.get("act"):
        case "up":
            drafting.move_option(choice, request.user, step=-1)
        case "down":
            drafting.move_option(choice, request.user, step=1)
        case "remove":
            drafting.remove_option(choice, request.user)
            messages.success(request, _("“%(choice)s” is taken away.") % {"choice": choice.label})
    return redirect("clerk:question", consultation.pk, asked.pk)


@form_page(OptionTableForm)
@takes_file(most=LARGEST_TABLE)
def import_options(request, pk, question):
    """Choices out of a table: read, shown with the faults of its lines, then added all at once."""
    consultation = draft_of(request, pk)
    asked = question_of(request, consultation, question)
    form = OptionTableForm(
        request.POST or None,
        request.FILES or None,
        room=MOST_OPTIONS - len(asked.options.all()),
        with_costs=way_of(asked.kind, asked.counting).is_budget,
    )
    if form.is_valid() and "keep" in request.POST:
        added = drafting.add_options(asked, request.user, form.table.rows)
        said = ngettext("%(count)s choice is added.", "%(count)s choices are added.", len(added))
        messages.success(request, said % {"count": len(added)})
        return redirect("clerk:question", consultation.pk, asked.pk)
    return show(request, "import_options", {"consultation": consultation, "question": asked}, form=form)
