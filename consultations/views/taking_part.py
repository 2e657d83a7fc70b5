"""Taking part: who may, one question a page, read again, sent.

Nothing is kept on the server between the steps: what was filled in travels along in the form, and the page that
follows is the answer to a POST. The browser's "back" shows the step before as it was.
"""

from collections.abc import Collection
from datetime import datetime
from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_safe

from civic.kernel.caching import private_page
from consultations import box
from consultations.ballot_form import BallotForm
from consultations.doors import AccountDoor, CodeDoor, Door, OfAge, own_answers
from consultations.eligibility import AlreadyVoted, NotEligible, Voter
from consultations.models import Consultation
from consultations.views.reading import readable

START, REVIEW, WHOLE = "start", "review", "whole"
RANDOM_BYTES = 32


@sensitive_post_parameters()
@private_page
def take_part(request, pk):
    consultation = readable(request, pk)
    return Journey(request, consultation, AccountDoor(request, consultation)).respond()


@sensitive_post_parameters()
@private_page
def by_code(request, pk):
    consultation = readable(request, pk)
    return Journey(request, consultation, CodeDoor(request, consultation)).respond()


@require_safe
@private_page
def why(request, pk):
    consultation = readable(request, pk)
    door = AccountDoor(request, consultation)
    obstacle = door.obstacle(at=timezone.now())
    context = {"consultation": consultation, "obstacle": obstacle, "ways": door.ways(obstacle)}
    return render(request, "consultations/why.html", context)


class Journey:
    """One step of one visitor: reads which page was left and which button, answers with the next page."""

    def __init__(self, request: HttpRequest, consultation: Consultation, door: Door):
        self.request, self.consultation, self.door = request, consultation, door
        self.typed: QueryDict = request.POST
        self.page, self.go = self.typed.get("page", START), self.typed.get("go", "next")
        self.at: datetime = timezone.now()
        # Which text was read: a correction meanwhile is shown before anything is sent.
        self.text = self.typed.get("text", str(consultation.revision))[:10]

    @cached_property
    def questions(self) -> list:
        return list(self.consultation.questions.prefetch_related("options"))

    @cached_property
    def ballot(self) -> BallotForm:
        return BallotForm(self.questions, self.typed)

    @sensitive_variables()
    def respond(self) -> HttpResponse:
        try:
            if self.request.method != "POST":
                return self.before()
            form = self.door.form(self.typed)
            if not form.is_valid():
                return self.before(form)
            return self.step(self.door.voter(self.typed, at=self.at))
        except AlreadyVoted as refusal:
            return self.voted(refusal)
        except NotEligible as refusal:
            return self.stopped(refusal)

    # --- Where one goes ---------------------------------------------------------------------

    @sensitive_variables()
    def step(self, voter: Voter) -> HttpResponse:
        """The page after the one that was left."""
        if "do" in self.typed:
            return self.moved(str(self.typed["do"]))
        if self.go == "change":
            self.ballot = BallotForm.of_answers(self.questions, own_answers(self.consultation, voter) or {})
            return self.question(1)
        if self.go == "send" and self.page == REVIEW:
            return self.send(voter)
        if self.is_number(self.go):
            return self.question(int(self.go))
        number = int(self.page) if self.is_number(self.page) else 0
        if self.go == "back":
            return self.back_from(number)
        if self.go == "review" or self.page in (REVIEW, WHOLE):
            return self.review()
        return self.after(number)

    def is_number(self, text: str) -> bool:
        return text.isascii() and text.isdigit() and len(text) < 4 and 1 <= int(text) <= len(self.ballot)

    def back_from(self, number: int) -> HttpResponse:
        if self.page == REVIEW:
            return self.question(len(self.ballot))
        return self.question(number - 1) if number > 1 else self.start(self.door.form(self.typed))

    def after(self, number: int) -> HttpResponse:
        """The question after this one, unless it needs another look; after the last, all to read again."""
        if number and self.go == "blank":
            self.ballot = self.ballot.replaced(self.ballot[number].blank())
        if number and self.ballot[number].fault:
            return self.question(number, status=422)
        return self.question(number + 1) if number < len(self.ballot) else self.review()

    def moved(self, act: str) -> HttpResponse:
        """The same page after one of its buttons: a line went up, a point was added, sums were made again."""
        number, _colon, act = act.partition(":")
        if not self.is_number(number):
            return self.review()
        question = self.ballot[int(number)].moved(act)
        self.ballot = self.ballot.replaced(question)
        if self.page == WHOLE:
            return self.whole(status=200)
        return self.question(int(number), focus=question.focus)

    @sensitive_variables()
    def send(self, voter: Voter) -> HttpResponse:
        if self.ballot.faults:
            return self.whole(status=422)
        if self.text != str(self.consultation.revision):
            self.text = str(self.consultation.revision)
            return self.review(is_corrected=True)
        drawn = self.typed.get("randomness", "")[: 2 * RANDOM_BYTES]
        receipt = box.cast(self.consultation, voter, self.ballot.answers, browser_randomness=drawn.encode(), at=self.at)
        context: dict[str, Any] = {
            "code": str(receipt),
            "with_browser": len(drawn) == 2 * RANDOM_BYTES,
            "ballot": self.ballot,
        }
        return self.page_of("receipt", **context)

    # --- Pages --------------------------------------------------------------------------------

    def before(self, form: OfAge | None = None) -> HttpResponse:
        """The first page, opened by its address, or again with what its form lacks."""
        obstacle = self.door.obstacle(at=self.at)
        if isinstance(obstacle, AlreadyVoted):
            return self.voted(obstacle, status=200 if form is None else None)
        if obstacle is None and form is None and self.can_change():
            return self.page_of("voted", can_change=True, kept=[("page", START), ("of_age", "on")])
        if obstacle:
            return self.start(None, obstacle=obstacle, status=200 if form is None else obstacle.status)
        return self.start(form or self.door.form(None), status=200 if form is None else 422)

    def can_change(self) -> bool:
        """Whether who comes back has voted already, and may change it."""
        if self.consultation.is_secret or not self.request.user.is_authenticated or self.door.start_page != "start":
            return False
        return own_answers(self.consultation, self.door.voter(self.typed, at=self.at)) is not None

    def start(self, form: OfAge | None, *, obstacle: NotEligible | None = None, status: int = 200) -> HttpResponse:
        context: dict[str, Any] = {
            "form": form,
            "obstacle": obstacle,
            "ways": self.door.ways(obstacle),
            "all": len(self.ballot),
        }
        kept = [("page", START), ("text", self.text), *self.ballot.fields()]
        return self.page_of(self.door.start_page, kept=kept, status=status, **context)

    def question(self, number: int, *, status: int = 200, focus: str = "") -> HttpResponse:
        form = self.ballot[number]
        form.focus = focus
        kept = self.kept(str(number), shown=[number])
        context: dict[str, Any] = {
            "form": form,
            "faults": [form.fault],
            "all": len(self.ballot),
            "is_last": number == len(self.ballot),
        }
        return self.page_of("question", kept=kept, status=status, shows_faults=status == 422, **context)

    def review(self, *, is_corrected: bool = False) -> HttpResponse:
        if self.ballot.faults:
            return self.whole(status=422)
        status = 409 if is_corrected else 200
        context: dict[str, Any] = {"is_corrected": is_corrected, "kept": self.kept(REVIEW)}
        return self.page_of("review", ballot=self.ballot, status=status, **context)

    def whole(self, *, status: int) -> HttpResponse:
        kept = self.kept(WHOLE, shown=range(1, len(self.ballot) + 1))
        return self.page_of("whole", ballot=self.ballot, kept=kept, shows_faults=True, status=status)

    def voted(self, refusal: AlreadyVoted, *, status: int | None = None) -> HttpResponse:
        return self.page_of("voted", refusal=refusal, status=status or refusal.status)

    def stopped(self, refusal: NotEligible) -> HttpResponse:
        """What was filled in is shown again, and travels along for another try."""
        ballot = self.ballot if self.ballot.fields() else None
        context: dict[str, Any] = {"refusal": refusal, "ways": self.door.ways(refusal), "ballot": ballot}
        return self.page_of("stopped", kept=self.kept(REVIEW), status=refusal.status, **context)

    def kept(self, page: str, *, shown: Collection[int] = ()) -> list[tuple[str, str]]:
        return [("page", page), ("text", self.text), *self.door.fields(self.typed), *self.ballot.fields(shown=shown)]

    def page_of(self, name: str, *, status: int = 200, **context: Any) -> HttpResponse:
        context |= {"consultation": self.consultation}
        return render(self.request, f"consultations/{name}.html", context, status=status)
