"""What state a consultation is in, read from one row and selected among many; who may read it."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from civic.accounts.models import Right, Role
from consultations.models import Consultation, Phase, PhaseKind, State

DAY = timedelta(days=1)
NOW = timezone.now()
PUBLISHED = {"published_at": NOW - 30 * DAY}
COUNTED = PUBLISHED | {"counted_at": NOW}
PROCLAIMED = COUNTED | {"proclaimed_at": NOW}
LIVES = [
    (State.DRAFT, (1, 8), {}),
    (State.ANNOUNCED, (1, 8), PUBLISHED),
    (State.VOTING, (0, 8), PUBLISHED),
    (State.VOTING, (-1, 8), PUBLISHED),
    (State.CLOSED, (-8, 0), PUBLISHED),
    (State.CLOSED, (-8, -1), PUBLISHED),
    (State.COUNTED, (-8, -1), COUNTED),
    (State.PROCLAIMED, (-8, -1), PROCLAIMED),
    (State.DECIDED, (-8, -1), PROCLAIMED | {"decided_at": NOW, "decision": "Ce sera fait.", "follows": "yes"}),
    (State.WITHDRAWN, (-1, 8), PUBLISHED | {"withdrawn_at": NOW, "withdrawal_reason": "Une erreur."}),
]


@pytest.mark.parametrize(("state", "days", "facts"), LIVES)
def test_the_state_is_derived_from_dates_the_end_not_included(state, days, facts, make_consultation):
    consultation = make_consultation(opens=days[0], closes=days[1], at=NOW)
    Consultation.objects.filter(pk=consultation.pk).update(**facts)
    consultation.refresh_from_db()
    assert consultation.state_at(NOW) == state
    for other in State:
        found = Consultation.objects.in_state(other, at=NOW).filter(pk=consultation.pk).exists()
        assert found == (other == state), other


@pytest.mark.parametrize("kind", [PhaseKind.INFORM, PhaseKind.DEBATE])
def test_what_comes_before_the_vote_has_its_own_states(kind, draft):
    Phase.objects.create(consultation=draft, kind=kind, opens_at=NOW - DAY, closes_at=NOW + DAY)
    Consultation.objects.update(**PUBLISHED)
    draft = Consultation.objects.with_life().get()
    assert draft.state_at(NOW) == kind
    assert Consultation.objects.in_state(kind, at=NOW).get() == draft
    assert draft.state_at(NOW - 2 * DAY) == State.ANNOUNCED


def test_a_draft_is_read_by_clerks_and_by_nobody_else(draft, amina, colette, make_person):
    of_this_one = make_person("Denis Faure")
    Right.objects.create(user=of_this_one, role=Role.CLERK, space=draft.space)
    of_another = make_person("Elsa Martin")
    Right.objects.create(user=of_another, role=Role.CLERK, space=Consultation.draft(colette, title="Autre").space)
    readers = [who for who in (AnonymousUser(), amina, colette, of_this_one, of_another) if _reads(who, draft)]
    assert readers == [colette, of_this_one]


def _reads(user, consultation):
    found = Consultation.objects.visible_to(user).filter(pk=consultation.pk).exists()
    assert Consultation.stream_is_readable(user, consultation.stream) == found
    return found


def test_a_published_one_is_read_by_anyone(draft):
    Consultation.objects.update(**PUBLISHED)
    assert _reads(AnonymousUser(), draft)


def test_a_list_with_its_states_takes_two_queries(make_consultation, django_assert_num_queries):
    for _number in range(3):
        make_consultation()
    with django_assert_num_queries(2):
        assert [(one.state, one.voters) for one in Consultation.objects.with_life()] == [(State.DRAFT, 0)] * 3
