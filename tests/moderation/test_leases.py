"""Who looks at a case, and until when."""

from datetime import timedelta

import pytest
from django.contrib.auth import logout
from django.db import connection
from django.utils import timezone

from civic.accounts.models import Right, User
from civic.moderation import errors
from civic.moderation.models import Case
from civic.territory.models import Space


def let_lease_run_out():
    with connection.cursor() as cursor:
        cursor.execute("UPDATE moderation_case SET claimed_until = now() - interval '1 second'")


def withdraw_rights(user) -> User:
    """The role is taken away; gives the account as the next request loads it."""
    Right.objects.filter(user=user).update(starts_at=timezone.now() - timedelta(days=2), ends_at=timezone.now())
    return User.objects.get(pk=user.pk)


def test_a_case_is_held_for_four_minutes_of_the_databases_clock(case, mireille):
    case.claim(mireille)
    with connection.cursor() as cursor:
        cursor.execute("SELECT claimed_until - clock_timestamp() FROM moderation_case")
        (left,) = cursor.fetchone()
    assert timedelta(minutes=3, seconds=50) < left <= timedelta(minutes=4)
    assert case.is_held_by(mireille) and case.can_be_decided_by(mireille, holder=case.holder())


def test_a_colleague_finds_a_held_case_closed(case, mireille, malik, decide):
    case.claim(mireille)
    for act in (lambda: case.claim(malik), lambda: decide(case, malik)):
        with pytest.raises(errors.HeldByAnother) as told:
            act()
        assert told.value.context["holder"] == mireille
    assert not case.can_be_decided_by(malik, holder=mireille)
    assert Case.objects.next_for(malik) is None


def test_a_lease_that_ran_out_frees_the_case(case, mireille, malik, decide):
    case.claim(mireille)
    let_lease_run_out()
    assert case.holder() is None
    assert Case.objects.next_for(malik) == case
    with pytest.raises(errors.HeldByAnother):
        decide(case, mireille)
    assert decide(case, malik)


def test_who_comes_back_late_may_still_decide_where_nobody_took_the_case(case, mireille, decide):
    case.claim(mireille)
    let_lease_run_out()
    assert decide(case, mireille)


def test_renewing_prolongs_even_a_lease_that_ran_out(case, mireille):
    case.claim(mireille)
    let_lease_run_out()
    case.renew(mireille)
    assert case.is_held_by(mireille)


def test_renewing_what_a_colleague_took_is_refused(case, mireille, malik):
    case.claim(mireille)
    let_lease_run_out()
    case.claim(malik)
    with pytest.raises(errors.HeldByAnother):
        case.renew(mireille)
    case.release(malik)
    with pytest.raises(errors.LeaseLost):
        case.renew(mireille)


def test_a_claim_again_is_a_renewal(case, mireille):
    case.claim(mireille)
    case.claim(mireille)
    assert case.is_held_by(mireille)


def test_releasing_ends_ones_own_lease_only(case, mireille, malik):
    case.claim(mireille)
    case.release(malik)
    assert case.is_held_by(mireille)
    case.release(mireille)
    assert case.holder() is None


def test_a_lease_leaves_the_version_alone(case, mireille):
    case.claim(mireille)
    case.renew(mireille)
    case.refresh_from_db()
    assert case.version == 0


def test_signing_out_ends_every_lease(make_case, mireille, rf):
    cases = [make_case(), make_case()]
    for case in cases:
        case.claim(mireille)
    request = rf.post("/")
    request.session, request.user = type("Session", (dict,), {"flush": dict.clear})(), mireille
    logout(request)
    assert not Case.objects.leased().exists()


def test_a_lost_role_ends_lease_and_decision(case, mireille, malik, decide):
    case.claim(mireille)
    mireille = withdraw_rights(mireille)
    assert case.holder() is None
    for act in (lambda: case.renew(mireille), lambda: decide(case, mireille), lambda: case.claim(mireille)):
        with pytest.raises(errors.NotModerator):
            act()
    assert Case.objects.next_for(malik) == case


def test_a_closed_account_ends_its_leases(case, mireille):
    case.claim(mireille)
    mireille.deactivate(reason="test")
    assert case.holder() is None


def test_a_moderator_of_one_space_sees_that_space_only(make_case, make_person):
    here, there = Space.objects.create(kind="session"), Space.objects.create(kind="session")
    inside, outside, city = make_case(space=here), make_case(space=there), make_case()
    local = make_person("Lucie Martin")
    Right.objects.create(user=local, role="moderator", space=here)
    assert list(Case.objects.visible_to(local)) == [inside]
    assert Case.objects.next_for(local) == inside
    assert Case.objects.next_for(local) is None
    assert inside.is_held_by(local)
    for case in (outside, city):
        with pytest.raises(errors.NotModerator):
            case.claim(local)


def test_next_takes_the_oldest_and_goes_round(make_case, mireille):
    now = timezone.now()
    young, old, middle = (make_case(at=now - timedelta(hours=hours)) for hours in (1, 3, 2))
    assert Case.objects.next_for(mireille) == old
    old.release(mireille)
    assert Case.objects.next_for(mireille, after=old) == middle
    assert Case.objects.next_for(mireille, after=middle) == young
    assert Case.objects.next_for(mireille, after=young) == old, "from the start again"
    assert Case.objects.next_for(mireille, after=old) is None
