"""Who comes in: clerks and administrators, each to the consultations that they run."""

from typing import Any

from django.db.models import Prefetch
from django.forms import BaseForm
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_safe

from civic.accounts.access import role_required
from civic.kernel.caching import private_page
from civic.kernel.giving_back import giving_back, status_of
from consultations.drafting import AlreadyPublished, GoneMeanwhile
from consultations.models import Consultation, Option, Question
from consultations.models.states import CLERKS

REFUSED = "consultations/desk/refused.html"


def page(view):
    """A page that clerks read."""
    return require_safe(private_page(role_required(*CLERKS)(view)))


def form_page(*sent: type[BaseForm]):
    """A page of clerks with the forms that it takes: shown, then sent. Refused by a rule, what was typed comes back."""

    def decorate(view):
        kept = giving_back(*sent, template=REFUSED)(view)
        return require_http_methods(["GET", "HEAD", "POST"])(private_page(role_required(*CLERKS)(kept)))

    return decorate


def consultation_of(request, pk: int) -> Consultation:
    """The consultation with its phases, for those who run it; 404 for others, as if it were not there."""
    return get_object_or_404(Consultation.objects.run_by(request.user).with_life(), pk=pk)


def draft_of(request, pk: int) -> Consultation:
    """A draft that this clerk may write. Raises AlreadyPublished."""
    consultation = consultation_of(request, pk)
    if consultation.is_published:
        raise AlreadyPublished
    return consultation


def question_of(request, consultation: Consultation, pk: int) -> Question:
    """A question of that consultation, with its options. Raises GoneMeanwhile where something was typed for it."""
    questions = consultation.questions.prefetch_related(Prefetch("options", Option.objects.select_related("quarter")))
    question = questions.filter(pk=pk).first()
    if question is None:
        raise gone(request)
    question.consultation = consultation
    return question


def option_of(request, question: Question, pk: int) -> Option:
    """An option of that question, which was loaded with all of them. Raises GoneMeanwhile, as `question_of`."""
    found = next((option for option in question.options.all() if option.pk == pk), None)
    if found is None:
        raise gone(request)
    found.question = question
    return found


def gone(request) -> Exception:
    """A page that is not there; or, to whoever has sent something, that it was there until a moment ago."""
    return GoneMeanwhile() if request.method == "POST" else Http404()


def show(request, template: str, context: dict[str, Any], *, form: Any = None, tab: str = "consultations"):
    """A page of the desk: 422 where its form needs another look, 409 where someone else was quicker."""
    return shown(request, template, context | {"form": form, "tab": tab}, status=status_of(form))


def shown(request, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    context = {"section": "clerk", "tab": "consultations"} | context
    return render(request, f"consultations/desk/{template}.html", context, status=status)
