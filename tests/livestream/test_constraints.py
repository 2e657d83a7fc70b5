"""What the database itself refuses, whatever the code does."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from civic.territory.models import Theme
from livestream.models import (
    Break,
    Councillor,
    Division,
    Follow,
    Item,
    Paper,
    PaperVersion,
    Passage,
    Presence,
    Proxy,
    Sitting,
    Voice,
)

NOW = timezone.now()
MINUTE = timedelta(minutes=1)


def refused(act):
    with pytest.raises(IntegrityError), transaction.atomic():
        act()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize(
    "facts",
    [
        {"kind": "party"},
        {"delay_seconds": 700},
        {"convened_at": NOW, "place": ""},
        {"opened_at": NOW},
        {"convened_at": NOW, "adjourned_at": NOW},
        {"convened_at": NOW, "opened_at": NOW, "adjourned_at": NOW - MINUTE},
        {"convened_at": NOW, "opened_at": NOW, "minutes_adopted_at": NOW},
        {"convened_at": NOW, "cancelled_at": NOW},
        {"cancelled_at": NOW, "cancellation_reason": "Une panne."},
        {"convened_at": NOW, "opened_at": NOW, "cancelled_at": NOW, "cancellation_reason": "Une panne."},
    ],
    ids=lambda facts: "+".join(facts),
)
def test_a_life_that_cannot_be_is_refused(facts, draft):
    refused(lambda: Sitting.objects.filter(pk=draft.pk).update(**facts))


@pytest.mark.parametrize(
    "facts",
    [
        {"kind": "party"},
        {"comment_mode": "always"},
        {"title": ""},
        {"number": "2"},
        {"rank": 2},
        {"planned_minutes": 0},
        {"matter_code": "75"},
        {"withdrawn_at": NOW, "postponed_at": NOW},
    ],
    ids=lambda facts: "+".join(facts),
)
def test_an_item_that_cannot_be_is_refused(facts, draft):
    refused(lambda: Item.objects.filter(sitting=draft, rank=1).update(**facts))


def test_a_deliberation_has_a_number_of_its_own(draft):
    refused(lambda: Item.objects.filter(sitting=draft).update(deliberation_number="2026-12-01"))


@pytest.mark.parametrize(
    "facts",
    [{"name": ""}, {"office": "king"}, {"office": "mayor"}, {"until_day": date(2020, 7, 4)}, {"name": "Agathe Morin"}],
    ids=["name", "office", "mayor", "until", "twice"],
)
def test_a_council_that_cannot_be_is_refused(facts, council):
    refused(lambda: Councillor.objects.filter(pk=council["Basile"].pk).update(**facts))


def test_one_item_at_a_time(draft):
    first, second, _ = draft.items.all()
    Passage.objects.create(sitting=draft, item=first, begins_at=NOW)
    refused(lambda: Passage.objects.create(sitting=draft, item=second, begins_at=NOW + MINUTE))
    refused(
        lambda: Passage.objects.create(sitting=draft, item=second, begins_at=NOW + MINUTE, ends_at=NOW + 2 * MINUTE)
    )
    refused(lambda: Passage.objects.update(ends_at=NOW - MINUTE))


def test_what_is_of_an_item_is_of_its_sitting(draft, make_sitting):
    other = make_sitting().items.first()
    refused(lambda: Passage.objects.create(sitting=draft, item=other, begins_at=NOW))
    refused(lambda: Paper.objects.create(sitting=draft, item=other, title="Rapport"))


def test_one_break_at_a_time(draft):
    Break.objects.create(sitting=draft, kind="suspension", begins_at=NOW, ends_at=NOW + 2 * MINUTE)
    refused(lambda: Break.objects.create(sitting=draft, kind="lunch", begins_at=NOW + 3 * MINUTE))
    refused(lambda: Break.objects.create(sitting=draft, kind="closed_doors", begins_at=NOW + MINUTE))
    # Another begins where one ends.
    Break.objects.create(sitting=draft, kind="closed_doors", begins_at=NOW + 2 * MINUTE)
    refused(lambda: Break.objects.create(sitting=draft, kind="suspension", begins_at=NOW + 3 * MINUTE))


def test_a_member_is_there_once_at_a_time(draft, council):
    member = council["Agathe"]
    Presence.objects.create(sitting=draft, councillor=member, arrived_at=NOW)
    refused(lambda: Presence.objects.create(sitting=draft, councillor=member, arrived_at=NOW + MINUTE))
    refused(lambda: Presence.objects.update(left_at=NOW - MINUTE))
    Presence.objects.update(left_at=NOW + MINUTE)
    refused(lambda: Presence.objects.create(sitting=draft, councillor=member, arrived_at=NOW, left_at=NOW + 2 * MINUTE))
    Presence.objects.create(sitting=draft, councillor=council["Basile"], arrived_at=NOW)


def test_one_proxy_each_and_to_another(draft, council):
    a, b, c = (council[name] for name in ("Agathe", "Basile", "Cosima"))
    refused(lambda: Proxy.objects.create(sitting=draft, giver=a, holder=a, given_at=NOW))
    Proxy.objects.create(sitting=draft, giver=a, holder=b, given_at=NOW)
    refused(lambda: Proxy.objects.create(sitting=draft, giver=a, holder=c, given_at=NOW))
    refused(lambda: Proxy.objects.create(sitting=draft, giver=c, holder=b, given_at=NOW))


def division(sitting, method, **totals):
    given = {"in_office": 7, "present": 5, "voted_at": NOW, "recorded_at": NOW} | totals
    return Division.objects.create(item=sitting.items.first(), method=method, **given)


TOTALS = {"in_favour": 3, "against": 1, "abstentions": 1, "not_taking_part": 0}


def test_a_secret_vote_has_totals_and_no_voices(draft, council):
    refused(lambda: division(draft, "secret"))
    refused(lambda: division(draft, "hands", **TOTALS))
    refused(lambda: division(draft, "secret", **TOTALS, present=8))
    secret = division(draft, "secret", **TOTALS)
    member = council["Agathe"]
    for method in ("secret", "hands"):
        refused(
            lambda method=method: Voice.objects.create(
                division=secret, method=method, councillor=member, group=member.group, choice="for"
            )
        )


def test_a_named_vote_does_not_become_secret_while_it_has_voices(draft, council):
    named, member = division(draft, "hands"), council["Agathe"]
    Voice.objects.create(division=named, method="hands", councillor=member, group=member.group, choice="for")
    refused(lambda: Division.objects.filter(pk=named.pk).update(method="secret", **TOTALS))
    refused(
        lambda: Voice.objects.create(
            division=named, method="hands", councillor=member, group=member.group, choice="against"
        )
    )


def test_a_vote_begins_once_and_is_corrected_once(draft):
    first = division(draft, "hands")
    refused(lambda: division(draft, "hands"))
    division(draft, "hands", replaces=first)
    refused(lambda: division(draft, "hands", replaces=first))


def test_a_follow_is_of_one_thing_and_there_once(draft, amina):
    refused(lambda: Follow.objects.create(user=amina))
    refused(lambda: Follow.objects.create(user=amina, sitting=draft, item=draft.items.first()))
    Follow.objects.create(user=amina, sitting=draft)
    refused(lambda: Follow.objects.create(user=amina, sitting=draft))
    Follow.objects.create(user=amina, theme=Theme.objects.get_or_create(slug="eau", defaults={"name": "L’eau"})[0])


def test_versions_of_a_document_are_counted(draft):
    paper = Paper.objects.create(sitting=draft, title="Rapport")
    facts = {"paper": paper, "content": b"%PDF", "sha256": "a" * 64, "size": 4, "added_at": NOW}
    PaperVersion.objects.create(number=1, **facts)
    refused(lambda: PaperVersion.objects.create(number=1, **facts))
    refused(lambda: PaperVersion.objects.create(number=0, **facts))
    refused(lambda: PaperVersion.objects.create(number=2, **facts | {"size": 0}))
