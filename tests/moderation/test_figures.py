"""The team's figures, counted by hand beside the database's."""

from datetime import UTC, datetime, timedelta

import pytest

from civic.accounts.models import Right
from civic.moderation.figures import WEEKS, Figures, start_of_week
from civic.moderation.models import Case
from civic.territory.models import Space

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 18, 15, 30, tzinfo=UTC)  # a Wednesday


@pytest.fixture
def figures(mireille):
    return Figures(mireille, at=AT)


@pytest.fixture
def decided(make_case):
    """A case that took so many hours and was decided then."""

    def decided(hours, *, at=AT, space=None):
        case = make_case(at=at - timedelta(hours=hours), space=space)
        Case.objects.filter(pk=case.pk).update(decided_at=at)
        return case

    return decided


def test_what_waits(figures, make_case, decided):
    assert (figures.waiting().count, figures.waiting().oldest) == (0, None)
    old = make_case(at=AT - timedelta(days=20))
    make_case(at=AT - timedelta(days=2))
    decided(1)
    waiting = figures.waiting()
    assert (waiting.count, waiting.late, waiting.oldest) == (2, 1, old.opened_at)


def test_handling_times_by_week(figures, decided):
    for hours in (1, 2, 3, 4, 10):
        decided(hours)
    decided(24, at=AT - timedelta(weeks=1))
    decided(5, at=AT - timedelta(weeks=WEEKS + 1))
    weeks = figures.weeks()
    assert len(weeks) == WEEKS
    assert [week.count for week in weeks] == [0] * (WEEKS - 2) + [1, 5]
    assert weeks[-1].median == timedelta(hours=3)
    assert weeks[-1].ninth == timedelta(hours=7.6)  # 0.9 of the way through five: between 4 and 10
    assert weeks[-2].median == weeks[-2].ninth == timedelta(days=1)
    assert weeks[0].median is None


def test_a_week_begins_on_monday_in_the_citys_time_whatever_the_clocks_do(figures):
    assert start_of_week(AT) == datetime(2026, 11, 15, 23, tzinfo=UTC)
    starts = [week.starts_at for week in figures.weeks()]
    assert starts == sorted(starts)
    # Summer time ended on 25 October: Monday at midnight is an hour earlier in UTC before it.
    assert {start.astimezone(UTC).hour for start in starts} == {22, 23}


def test_reasons_of_restrictions(figures, make_case, mireille, decide, reason):
    for number in range(3):
        case = make_case(at=AT - timedelta(days=2))
        case.claim(mireille)
        decide(
            case, mireille, *(["refuse"] if number else ["publish"]), at=AT, **({"reason": reason} if number else {})
        )
    assert figures.reasons() == [(reason.label, 2)]


def test_places_and_hours(figures, make_case):
    space = Space.objects.create(kind="quarter", name="Les Granges")
    for hours in (1, 1, 25):
        make_case(at=AT - timedelta(hours=hours))
    make_case(at=AT - timedelta(days=2), space=space)
    make_case(at=AT - timedelta(days=60))
    assert figures.places() == [("Note", 3), ("Note (Les Granges)", 1)]
    # 14:30 in UTC is 15:30 in France in November.
    assert figures.hours() == [0] * 15 + [3, 1] + [0] * 7


def test_moderators_of_a_space_see_its_figures_and_no_others(make_person, decided, make_case):
    here, there = (Space.objects.create(kind="quarter") for _ in range(2))
    lise = make_person("Lise Blanc")
    Right.objects.create(user=lise, role="moderator", space=here)
    decided(3, space=here), decided(50, space=there), decided(50)
    make_case(at=AT - timedelta(hours=1), space=there)
    figures = Figures(lise, at=AT)
    assert figures.waiting().count == 0
    assert figures.weeks()[-1].median == timedelta(hours=3)
    assert len(figures.places()) == 1


def test_the_page_shows_each_chart_with_its_table_and_asks_few_questions(
    sign_in, mireille, decided, django_assert_max_num_queries
):
    now = datetime.now(UTC)
    for hours in range(1, 40):
        decided(hours, at=now - timedelta(hours=hours))
    client = sign_in(mireille)
    with django_assert_max_num_queries(12):
        response = client.get("/moderation/chiffres/")
    content = response.content.decode()
    assert content.count('<svg class="chart__drawing') == 2
    assert content.count("<table") == 4 - content.count("Rien à montrer")
    assert " style=" not in content
    assert "{{" not in content and "{%" not in content
