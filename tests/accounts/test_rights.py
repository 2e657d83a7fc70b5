"""Who may do what, from when until when."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from civic.accounts.backends import AccountBackend
from civic.accounts.models import (
    AccountAlreadyClosed,
    AccountAlreadyOpen,
    Right,
    RightAlreadyEnded,
    RightAlreadyGiven,
    Role,
)
from civic.audit.models import Entry
from civic.territory.models import Space
from tests.concurrency import together


def test_a_right_opens_a_role_until_it_is_withdrawn(amina, mireille):
    now = timezone.now()
    assert not amina.has_role(Role.CLERK)
    right = Right.objects.give(amina, Role.CLERK, at=now, by=mireille)
    assert amina.has_role(Role.CLERK)
    right.withdraw(at=timezone.now(), by=mireille)
    assert not amina.has_role(Role.CLERK)


def test_giving_and_withdrawing_are_journalled_without_a_name(amina, mireille):
    right = Right.objects.give(amina, Role.CLERK, at=timezone.now(), by=mireille)
    right.withdraw(at=timezone.now(), by=mireille)
    given, withdrawn = Entry.objects.order_by("pk")
    assert (given.action, withdrawn.action) == ("right.given", "right.withdrawn")
    assert given.actor == withdrawn.actor == mireille.journal_id
    assert given.details == {"holder": str(amina.journal_id), "role": "clerk", "until": None}


def test_the_same_right_is_not_given_twice(amina):
    Right.objects.give(amina, Role.CLERK, at=timezone.now())
    with pytest.raises(RightAlreadyGiven):
        Right.objects.give(amina, Role.CLERK, at=timezone.now())
    assert Entry.objects.count() == 1


def test_a_right_given_until_a_date_ends_by_itself(amina):
    now = timezone.now()
    Right.objects.give(amina, Role.SCRUTINEER, at=now, until=now + timedelta(days=1))
    assert amina.has_role(Role.SCRUTINEER, at=now + timedelta(hours=23))
    assert not amina.has_role(Role.SCRUTINEER, at=now + timedelta(days=1))
    with pytest.raises(RightAlreadyGiven):
        Right.objects.give(amina, Role.SCRUTINEER, at=now + timedelta(hours=1))
    Right.objects.give(amina, Role.SCRUTINEER, at=now + timedelta(days=2))


def test_a_right_of_later_is_not_in_force_yet_and_can_be_withdrawn_before(amina):
    now = timezone.now()
    right = Right.objects.give(amina, Role.CLERK, at=now + timedelta(days=3))
    assert not amina.has_role(Role.CLERK)
    right.withdraw(at=now)
    assert not amina.has_role(Role.CLERK, at=now + timedelta(days=4))


def test_a_right_is_withdrawn_once(amina):
    right = Right.objects.give(amina, Role.CLERK, at=timezone.now())
    right.withdraw(at=timezone.now())
    with pytest.raises(RightAlreadyEnded):
        right.withdraw(at=timezone.now())


def test_a_right_in_one_space_does_not_reach_another(amina):
    here, there = Space.objects.create(kind="quarter"), Space.objects.create(kind="quarter")
    Right.objects.give(amina, Role.MODERATOR, at=timezone.now(), space=here)
    assert amina.has_role(Role.MODERATOR, space=here)
    assert not amina.has_role(Role.MODERATOR, space=there)
    assert not amina.has_role(Role.MODERATOR)
    assert amina.has_role_somewhere(Role.MODERATOR)
    assert amina.spaces_with(Role.MODERATOR, Role.CLERK) == {here.pk}


def test_a_right_held_everywhere_reaches_each_space(mireille):
    assert mireille.has_role(Role.MODERATOR, space=Space.objects.create(kind="quarter"))


def test_a_closed_account_has_no_role_and_opens_again(mireille, colette):
    mireille.deactivate(reason="left_the_city", by=colette)
    assert not mireille.has_role(Role.MODERATOR)
    with pytest.raises(AccountAlreadyClosed):
        mireille.deactivate(reason="left_the_city", by=colette)
    mireille.reactivate(by=colette)
    assert mireille.has_role(Role.MODERATOR)
    with pytest.raises(AccountAlreadyOpen):
        mireille.reactivate(by=colette)
    assert [e.action for e in Entry.objects.order_by("pk")] == ["account.deactivated", "account.reactivated"]


@pytest.mark.parametrize(
    "fields",
    [
        {"role": "king"},
        {"role": "clerk", "ends_at": timezone.now() - timedelta(days=1)},
    ],
)
def test_the_database_refuses_a_right_that_makes_no_sense(amina, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        Right.objects.create(user=amina, starts_at=timezone.now(), **fields)


def test_the_database_refuses_the_same_open_right_twice(amina):
    Right.objects.create(user=amina, role="clerk")
    with pytest.raises(IntegrityError), transaction.atomic():
        Right.objects.create(user=amina, role="clerk")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("until", [None, timezone.now() + timedelta(days=1)])
def test_the_same_right_given_by_eight_at_once_is_given_once(amina, until):
    def give():
        return Right.objects.give(amina, Role.CLERK, at=timezone.now(), until=until)

    results = together(*[give] * 8)
    assert sum(isinstance(result, Right) for result in results) == 1
    assert sum(isinstance(result, RightAlreadyGiven) for result in results) == 7
    assert Right.objects.filter(user=amina).count() == Entry.objects.filter(action="right.given").count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_right_withdrawn_by_eight_at_once_ends_once(amina):
    right = Right.objects.give(amina, Role.CLERK, at=timezone.now())
    results = together(*[lambda: Right.objects.get(pk=right.pk).withdraw(at=timezone.now())] * 8)
    assert [type(result) for result in results if result] == [RightAlreadyEnded] * 7
    assert Entry.objects.filter(action="right.withdrawn").count() == 1


@pytest.mark.django_db
def test_the_account_of_a_session_holds_the_rights_that_the_querysets_tell(bruno):
    now = timezone.now()
    space = Space.objects.create(kind="session")
    Right.objects.bulk_create(
        [
            Right(user=bruno, role=Role.MODERATOR, starts_at=now - timedelta(days=1)),
            Right(user=bruno, role=Role.CLERK, space=space, starts_at=now - timedelta(days=1)),
            Right(user=bruno, role=Role.AUDITOR, starts_at=now + timedelta(days=1)),
            Right(user=bruno, role=Role.ELECTED, starts_at=now - timedelta(days=2), ends_at=now - timedelta(days=1)),
        ]
    )
    told = set(Right.objects.filter(user=bruno).current(at=now).values_list("role", "space_id"))
    assert AccountBackend().get_user(bruno.pk).loaded_rights == told == {("moderator", None), ("clerk", space.pk)}
