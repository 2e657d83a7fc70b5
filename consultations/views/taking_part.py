"""Taking part: who may, one question a page, read again, sent.

Nothing is kept on the server between the steps: what was filled in travels along in the form, and the page that
follows is the answer to a POST. The browser's "back" shows the step before as it was.
"""

import time
from collections.abc import Collection
from contextlib import suppress
from datetime import datetime
from functools import cached_property, lru_cache, partial
from secrets import token_hex
from typing import Any

from django.core.cache import caches
from django.core.cache.utils import make_template_fragment_key
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_safe

from civic.kernel.caching import private_page
from consultations import box, naming
from consultations.ballot_form import BallotForm
from consultations.doors import YES, AccountDoor, CodeDoor, Door, OfAge, own_answers
from consultations.eligibility import Voter
from consultations.models import Consultation, Version
from consultations.obstacles import AlreadyVoted, NotEligible, TextCorrected
from consultations.views.reading import readable

START, REVIEW, WHOLE = "start", "review", "whole"
RANDOM_BYTES = 32
# Stands for the code while a receipt is made: drawn afresh, so that no text can hold it.
PLACE_OF_CODE = token_hex(16)
# Seconds: what a vote is sent with was read at most so long ago.
MOMENT = 2


@sensitive_post_parameters()
@private_page
def take_part(request, pk):
    consultation = to_take_part_in(request, pk)
    door = AccountDoor(request, consultation, at_the_box=is_sent(request.POST))
    return Journey(request, consultation, door).respond()


@sensitive_post_parameters()
@private_page
def by_code(request, pk):
    consultation = to_take_part_in(request, pk)
    door = CodeDoor(request, consultation, at_the_box=is_sent(request.POST))
    return Journey(request, consultation, door).respond()


@require_safe
@private_page
def why(request, pk):
    consultation = readable(request, pk)
    door = AccountDoor(request, consultation)
    obstacle = door.obstacle(at=timezone.now())
    context = {"consultation": consultation, "obstacle": obstacle, "ways": door.ways(obstacle)}
    return render(request, "consultations/why.html", context)


def to_take_part_in(request: HttpRequest, pk: int) -> Consultation:
    """As it reads now or, to send a vote, as it was read a moment ago: what the box needs it looks at itself."""
    if is_sent(request.POST):
        with suppress(Consultation.DoesNotExist):
            recent = read_lately(pk, int(time.monotonic() / MOMENT))
            if request.POST.get("text", str(recent.revision)) == str(recent.revision):
                return recent
    return readable(request, pk)


@lru_cache(maxsize=32)
def read_lately(pk: int, moment: int) -> Consultation:
    """A published consultation with its phases, kept for the votes of one moment; nobody changes it."""
    return Consultation.objects.public().prefetch_related("phases").get(pk=pk)


def is_sent(typed: QueryDict) -> bool:
    """Whether the button that puts a vote into the box was pressed, on the page where it was read again."""
    return typed.get("page") == REVIEW and typed.get("go") == "send" and "do" not in typed


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
        if self.consultation.is_published:
            return list(box.questions_of(self.consultation))
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
        if is_sent(self.typed):
            return self.send(voter)
        if self.go == "change":
            self.ballot = BallotForm.of_answers(self.questions, own_answers(self.consultation, voter) or {})
            return self.question(1)
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
        if self.text == str(self.consultation.revision):
            with suppress(TextCorrected):
                return self.cast(voter)
        return self.corrected()

    @sensitive_variables()
    def cast(self, voter: Voter) -> HttpResponse:
        """Both pages that may follow are made before: one that fails costs nobody the code of a vote in the box."""
        drawn = self.typed.get("randomness", "")[: 2 * RANDOM_BYTES]
        with_browser = len(drawn) == 2 * RANDOM_BYTES
        before_code, after_code = self.receipt(code=PLACE_OF_CODE, with_browser=with_browser).split(PLACE_OF_CODE)
        changed = "" if self.consultation.is_secret else self.receipt()
        receipt = box.cast(self.consultation, voter, self.ballot.answers, browser_randomness=drawn.encode(), at=self.at)
        return HttpResponse(f"{before_code}{receipt}{after_code}" if receipt.code else changed)

    def corrected(self) -> HttpResponse:
        """The text is another than the one that was read: what was filled in is shown beside what has changed."""
        again = Journey(self.request, readable(self.request, self.consultation.pk), self.door)
        again.text = str(again.consultation.revision)
        return again.review(correction=again.consultation.versions.last())

    # --- Pages --------------------------------------------------------------------------------

    def before(self, form: OfAge | None = None) -> HttpResponse:
        """The first page, opened by its address, or again with what its form lacks."""
        obstacle = self.door.obstacle(at=self.at)
        if isinstance(obstacle, AlreadyVoted):
            return self.voted(obstacle, status=200 if form is None else None)
        if obstacle is None and form is None and self.can_change():
            return self.page_of("voted", can_change=True, has_agreed=self.has_agreed(), kept=self.agreed())
        if obstacle:
            return self.start(None, obstacle=obstacle, status=200 if form is None else obstacle.status)
        return self.start(form or self.door.form(None), status=200 if form is None else 422)

    def can_change(self) -> bool:
        """Whether who comes back has voted already, and may change it."""
        if self.consultation.is_secret or not self.request.user.is_authenticated or self.door.start_page != "start":
            return False
        return own_answers(self.consultation, self.door.voter(self.typed, at=self.at)) is not None

    def has_agreed(self) -> bool:
        """Whether nothing more is asked of who has voted: a name that was taken off since is asked for again."""
        return not naming.is_named(self.consultation) or naming.has_name(self.consultation, self.request.user)

    def agreed(self) -> list[tuple[str, str]]:
        """What was said on the first page by who has voted."""
        said = YES if naming.is_named(self.consultation) and self.has_agreed() else YES[:1]
        return [("page", START), *((name, "on") for name in said)]

    def start(self, form: OfAge | None, *, obstacle: NotEligible | None = None, status: int = 200) -> HttpResponse:
        context: dict[str, Any] = {
            "form": form,
            "obstacle": obstacle,
            "ways": self.door.ways(obstacle),
            "all": len(self.ballot),
            # Who came to change a vote goes on to it from here.
            "begins": "change" if self.go == "change" else "next",
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

    def review(self, *, correction: Version | None = None) -> HttpResponse:
        if self.ballot.faults:
            return self.whole(status=422)
        status = 409 if correction else 200
        context: dict[str, Any] = {
            "correction": correction,
            "kept": self.kept(REVIEW),
            "is_change": self.can_change(),
            "in_public": "in_public" in self.typed,
        }
        return self.page_of("review", ballot=self.ballot, status=status, **context)

    def whole(self, *, status: int) -> HttpResponse:
        kept = self.kept(WHOLE, shown=range(1, len(self.ballot) + 1))
        return self.page_of("whole", ballot=self.ballot, kept=kept, shows_faults=True, status=status)

    def receipt(self, *, code: str = "", with_browser: bool = False) -> str:
        """Kept for a moment like the consultation: drawing it takes longer than casting the vote."""
        consultation = self.consultation
        read = (consultation.pk, consultation.published_at, consultation.revision)
        key = make_template_fragment_key("receipt", [*read, get_language(), bool(code), with_browser])
        context = {"consultation": consultation, "code": code, "with_browser": with_browser, "has_session": False}
        drawn = partial(render_to_string, "consultations/receipt.html", context, self.request)
        return str(caches["template_fragments"].get_or_set(key, drawn, MOMENT))

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
