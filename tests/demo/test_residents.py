"""Invented people: nobody twice, nobody's real address, and the same ones each time."""

from collections import Counter

import pytest

from civic.demo.chance import series
from civic.demo.residents import choose, invent
from civic.demo.texts import load
from civic.territory.models import Quarter


@pytest.fixture
def quarters(db):
    told = load("quarters")["quarters"]
    return Quarter.objects.bulk_create(Quarter(slug=q["slug"], name=q["name"], rank=q["rank"]) for q in told)


def test_the_same_people_are_invented_each_time(quarters):
    assert invent(series("people"), 40) == invent(series("people"), 40)


def test_nobody_is_invented_twice(quarters):
    people = invent(series("people"), 2_000)
    assert len({person.mailbox_key for person in people}) == 2_000
    assert len({person.folded_name for person in people}) == 2_000


def test_those_who_live_elsewhere_have_no_quarter(quarters):
    people = invent(series("people"), 500)
    assert not [person for person in people if person.postal_code != "38130" and person.quarter_id]


def test_neighbours_are_chosen_more_readily(quarters):
    people = invent(series("people"), 2_000)
    near = quarters[3].pk
    chosen = choose(people, 300, near=near, rng=series("choice"))
    assert len(set(chosen)) == 300
    assert Counter(p.quarter_id for p in chosen).most_common(1)[0][0] == near
