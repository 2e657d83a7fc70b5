"""Who comes in: clerks and administrators, each to the consultations that they run."""

from typing import Any

from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_safe

from civic.accounts.access import role_required
from civic.kernel.caching import private_page
from consultations.drafting import AlreadyPublished
from consultations.models import Consultation, Option, Question
from consultations.models.states import CLERKS


def page(view):
    """A page that clerks read."""
    return require_safe(private_page(role_required(*CLERKS)(view)))


def form_page(view):
    """A page of clerks with its form: shown, then sent."""
    return require_http_methods(["GET", "HEAD", "POST"])(private_page(role_required(*CLERKS)(view)))


def consultation_of(request, pk: int) -> Consultation:
    """The consultation with its phases, for those who run it; 404 for others, as if it were not there."""
    return get_object_or_404(Consultation.objects.run_by(request.user).with_life(), pk=pk)


def draft_of(request, pk: int) -> Consultation:
    """A draft that this clerk may write. Raises AlreadyPublished."""
    consultation = consultation_of(request, pk)
    if consultation.is_published:
        raise AlreadyPublished(consultation=consultation)
    return consultation


def question_of(consultation: Consultation, pk: int) -> Question:
    """A question of that consultation, with its options."""
    questions = consultation.questions.prefetch_related(Prefetch("options", Option.objects.select_related("quarter")))
    question = get_object_or_404(questions, pk=pk)
    question.consultation = consultation
    return question


def option_of(question: Question, pk: int) -> Option:
    """An option of that question, which was loaded with all of them."""
    found = next((option for option in question.options.all() if option.pk == pk), None)
    if found is None:
        raise Http404
    found.question = question
    return found


def show(request, template: str, context: dict[str, Any], *, form: Any = None, tab: str = "consultations"):
    """A page of the desk: 422 where its form needs another look, 409 where someone else was quicker."""
    return shown(request, template, context | {"form": form, "tab": tab}, status=status_of(form))


def shown(request, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    context = {"section": "clerk", "tab": "consultations"} | context
    return render(request, f"consultations/desk/{template}.html", context, status=status)


def status_of(form: Any) -> int:
    if form is None or not form.errors:
        return 200
    return 409 if getattr(form, "is_conflict", False) else 422
