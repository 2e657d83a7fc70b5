"""The page used while the council sits: one click for each act, and each button says what its page showed."""

from datetime import datetime
from typing import Any

from django.db.models import Count
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from livestream.desk.forms import AskForm
from livestream.desk.views.doors import BESIDE, form_page, gone, item_of, member_of, number_in, shown, sitting_of
from livestream.models import Item, ItemState, Passage, Recording, Sitting, State
from livestream.models import shown as kept
from livestream.models.hand_poll import QuestionMissing, close_poll, open_poll
from livestream.models.passage import UNDO
from livestream.models.speech import end_floor, give_floor
from livestream.models.states import OVER


@form_page(AskForm)
def conduct(request, pk):
    """Where the session is, and what can be done next; a POST is one act, named by its button.

    Before it is convened and once it is over, it leads to all that is kept of the session.
    """
    sitting, at = sitting_of(request, pk), timezone.now()
    if request.method == "POST":
        act = ACTS.get(request.POST.get("act", "go"))
        if act is not None:
            act(request, sitting, at)
    if sitting.state == State.DRAFT or sitting.state in OVER:
        return redirect("sitting:sitting", sitting.pk)
    if request.method == "POST":
        # At what is examined: whoever uses a keyboard goes on from there.
        return redirect(f"{reverse('sitting:conduct', args=[sitting.pk])}#now")
    return shown(request, "conduct", context_of(sitting, at))


def context_of(sitting: Sitting, at: datetime) -> dict[str, Any]:
    items = list(sitting.items.with_state().select_related("rapporteur"))
    passage = sitting.open_passage
    attendance = kept.attendance_of(sitting) if sitting.is_council else None
    recording = Recording.objects.filter(sitting=sitting).first()
    return {
        "sitting": sitting,
        "state": sitting.state,
        "items": items,
        "passage": passage,
        "current": passage.item if passage else None,
        "following": item_after(passage, items),
        "can_undo": passage is not None and at - passage.begins_at <= UNDO,
        "attendance": attendance,
        "speech": sitting.open_speech,
        "asking": AskForm(),
        "poll": sitting.hand_polls.annotate(hands=Count("answers")).last(),
        "can_move": sitting.state in (State.LIVE, State.CLOSED_DOORS),
        "recording": recording,
        "is_fed": recording is not None and recording.is_fed(at=at),
        "scripts": [*BESIDE, "js/keys.js"],
    }


def item_after(passage: Passage | None, items: list[Item]) -> Item | None:
    """The next one that was not examined yet: below the present one, or else above it."""
    here = passage.item.rank if passage else 0
    waiting = [item for item in items if item.state == ItemState.TO_COME]
    return next((item for item in waiting if item.rank > here), waiting[0] if waiting else None)


# --- One click, one act -----------------------------------------------------------------------


def go(request, sitting: Sitting, at: datetime) -> None:
    if "item" in request.POST:
        item = item_of(request, sitting, request.POST["item"])
        sitting.go_to(item, request.user, seen=number_in(request, "passage"), at=at)


def undo(request, sitting: Sitting, at: datetime) -> None:
    sitting.undo(request.user, seen=number_in(request, "passage") or 0, at=at)


def close_doors(request, sitting: Sitting, at: datetime) -> None:
    """Whatever the page showed: nothing is to be seen any more, and that it is so already is no fault."""
    if sitting.state != State.CLOSED_DOORS:
        sitting.close_doors(request.user, at=at)


def give(request, sitting: Sitting, at: datetime) -> None:
    member = member_of(request, sitting, request.POST.get("member"))
    give_floor(sitting, member, request.user, seen=number_in(request, "speech"), at=at)


def ask(request, sitting: Sitting, at: datetime) -> None:
    form = AskForm(request.POST)
    if not form.is_valid():
        raise QuestionMissing
    open_poll(sitting, request.user, question=form.cleaned_data["question"], at=at)


def close_asked(request, sitting: Sitting, at: datetime) -> None:
    poll = sitting.hand_polls.filter(pk=number_in(request, "poll") or 0).first()
    if poll is None:
        raise gone(request)
    close_poll(poll, request.user, at=at)


ACTS = {
    "open": lambda request, sitting, at: sitting.open(request.user, at=at),
    "go": go,
    "undo": undo,
    "suspend": lambda request, sitting, at: sitting.suspend(request.user, at=at, saw=request.POST.get("saw", "")),
    "close_doors": close_doors,
    "resume": lambda request, sitting, at: sitting.resume(request.user, at=at, saw=request.POST.get("saw", "")),
    "adopt": lambda request, sitting, at: sitting.adopt_minutes(request.user, at=at),
    "adjourn": lambda request, sitting, at: sitting.adjourn(request.user, at=at, saw=request.POST.get("saw", "")),
    "give": give,
    "ask": ask,
    "close": close_asked,
    "end": lambda request, sitting, at: end_floor(sitting, request.user, seen=number_in(request, "speech") or 0, at=at),
}
