"""What state a sitting is in, read from one row and selected among many; who may read and run it."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from civic.accounts.models import Right, Role
from civic.audit.models import Entry
from civic.kernel.errors import NotAllowed
from livestream.models import Break, Sitting, State
from livestream.models.conduct import ChangedMeanwhile, NotReady, ReasonMissing
from livestream.models.passage import NotNow

NOW = timezone.now()
CONVENED = {"convened_at": NOW}
OPENED = CONVENED | {"opened_at": NOW}
OVER = OPENED | {"adjourned_at": NOW}
LIVES = [
    (State.DRAFT, {}, None),
    (State.CONVENED, CONVENED, None),
    (State.CANCELLED, CONVENED | {"cancelled_at": NOW, "cancellation_reason": "Une panne."}, None),
    (State.LIVE, OPENED, None),
    (State.SUSPENDED, OPENED, "suspension"),
    (State.CLOSED_DOORS, OPENED, "closed_doors"),
    (State.ADJOURNED, OVER, None),
    (State.ADOPTED, OVER | {"minutes_adopted_at": NOW}, None),
]


@pytest.mark.parametrize(("state", "facts", "pause"), LIVES)
def test_the_state_is_derived_from_dated_facts(state, facts, pause, draft):
    Sitting.objects.filter(pk=draft.pk).update(**facts)
    if pause:
        Break.objects.create(sitting=draft, kind=pause, begins_at=NOW)
    draft.refresh_from_db()
    assert draft.state == state
    for other in State:
        assert Sitting.objects.in_state(other).filter(pk=draft.pk).exists() == (other == state), other


def test_a_break_that_is_over_leaves_the_sitting_live(live, colette):
    live.suspend(colette, at=timezone.now())
    live.resume(colette, at=timezone.now())
    assert live.state == State.LIVE
    assert Sitting.objects.in_state(State.LIVE).get() == live


def test_a_whole_life(draft, colette):
    acts = [draft.convene, draft.open, draft.suspend, draft.close_doors, draft.resume, draft.adjourn]
    states = []
    for act in [*acts, draft.adopt_minutes]:
        act(colette, at=timezone.now())
        states.append(draft.state)
    assert states == [
        State.CONVENED, State.LIVE, State.SUSPENDED, State.CLOSED_DOORS, State.LIVE, State.ADJOURNED, State.ADOPTED,
    ]  # fmt: skip
    assert not draft.breaks.filter(ends_at=None).exists()
    assert Entry.objects.filter(target_kind="sitting", target_id=draft.pk).count() == 7


@pytest.mark.parametrize("act", ["open", "suspend", "close_doors", "resume", "adjourn", "adopt_minutes"])
def test_what_comes_before_its_time_is_refused(act, draft, colette):
    with pytest.raises(NotNow):
        getattr(draft, act)(colette, at=timezone.now())
    assert draft.state == State.DRAFT


def test_nothing_is_opened_twice(live, colette):
    for act in (live.convene, live.open, live.adopt_minutes, live.resume):
        with pytest.raises(NotNow):
            act(colette, at=timezone.now())
    with pytest.raises(NotNow):
        live.cancel(colette, reason="Trop tard.", at=timezone.now())


def test_a_stranger_runs_nothing(draft, amina, mireille):
    for person in (amina, mireille):
        with pytest.raises(NotAllowed):
            draft.convene(person, at=timezone.now())


def test_a_draft_without_items_is_not_convened(make_sitting, colette):
    sitting = make_sitting(items=0)
    with pytest.raises(NotReady):
        sitting.convene(colette, at=timezone.now())


def test_a_cancellation_has_a_reason_and_reaches_calendars(convened, colette):
    with pytest.raises(ReasonMissing):
        convened.cancel(colette, reason="  ", at=timezone.now())
    convened.cancel(colette, reason="Une panne de chauffage.", at=timezone.now())
    assert (convened.state, convened.sequence) == (State.CANCELLED, 1)


def test_an_edit_over_a_later_one_is_refused(convened, colette):
    at = timezone.now()
    convened.edit(colette, revision=1, at=at, title="Conseil du 3 décembre")
    with pytest.raises(ChangedMeanwhile):
        convened.edit(colette, revision=1, at=at, title="Autre")
    assert (convened.title, convened.space.name, convened.sequence) == (
        "Conseil du 3 décembre", "Conseil du 3 décembre", 1,
    )  # fmt: skip


def test_calendars_are_told_of_what_they_show_alone(convened, colette):
    at = timezone.now()
    convened.edit(colette, revision=1, at=at, delay_seconds=10)
    assert convened.sequence == 0
    convened.edit(colette, revision=2, at=at, starts_at=convened.starts_at + timedelta(hours=1))
    assert convened.sequence == 1


def test_a_draft_is_read_by_clerks_and_by_nobody_else(draft, make_sitting, amina, colette, make_person):
    of_this_one, of_another = make_person("Denis Faure"), make_person("Elsa Martin")
    Right.objects.create(user=of_this_one, role=Role.CLERK, space=draft.space)
    Right.objects.create(user=of_another, role=Role.CLERK, space=make_sitting().space)
    people = (AnonymousUser(), amina, colette, of_this_one, of_another)
    readers = [who for who in people if Sitting.stream_is_readable(who, draft.stream)]
    assert readers == [colette, of_this_one]
    draft.convene(colette, at=timezone.now())
    assert all(Sitting.stream_is_readable(who, draft.stream) for who in people)


def test_open_pages_are_told_of_each_step(live, colette):
    live.suspend(colette, at=timezone.now())
    assert "Suspendue" in live.stream.events.get(slot="now").html["fr"]
