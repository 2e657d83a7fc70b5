"""Pages by cursor: every row once, whatever the ties, and a cursor that nobody can forge."""

from datetime import UTC, datetime, timedelta

import pytest

from civic.audit.models import Entry
from civic.kernel.keyset import keyset_page
from civic.territory.models import Theme

pytestmark = pytest.mark.django_db


@pytest.fixture
def themes():
    """Seven rows, three of one rank."""
    Theme.objects.all().delete()
    ranks = [3, 1, 2, 2, 2, 5, 4]
    return Theme.objects.bulk_create(Theme(slug=f"t{n}", name=f"T{n}", rank=rank) for n, rank in enumerate(ranks))


def walked(queryset, order, size):
    """Every row, page after page."""
    found, cursor = [], ""
    while True:
        page = keyset_page(queryset, order=order, cursor=cursor, size=size)
        found += page.items
        cursor = page.next_cursor
        if not cursor:
            return found


@pytest.mark.parametrize("size", [1, 2, 3, 7, 20])
@pytest.mark.parametrize("order", [("rank", "pk"), ("-rank", "-pk"), ("rank", "-pk"), ("-rank", "slug"), ("pk",)])
def test_pages_hold_every_row_once_and_in_order(themes, order, size):
    assert walked(Theme.objects.all(), order, size) == list(Theme.objects.order_by(*order))


def test_a_last_page_that_is_full_leads_nowhere(themes):
    assert keyset_page(Theme.objects.all(), order=("pk",), size=7).next_cursor == ""


def test_rows_that_come_meanwhile_move_nobody(themes):
    first = keyset_page(Theme.objects.all(), order=("-rank", "-pk"), size=3)
    Theme.objects.create(slug="new", name="New", rank=9)
    second = keyset_page(Theme.objects.all(), order=("-rank", "-pk"), cursor=first.next_cursor, size=20)
    assert {*first.items} & {*second.items} == set()
    assert len(first.items) + len(second.items) == 7


def test_moments_a_microsecond_apart_stay_apart():
    at = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
    for step in range(4):
        Entry.objects.create(at=at + timedelta(microseconds=step), action="a", target_kind="k")
    found = walked(Entry.objects.all(), ("-at", "-pk"), 1)
    assert [entry.at.microsecond for entry in found] == [3, 2, 1, 0]


def test_a_column_of_a_relation_can_order(mireille):
    rights = mireille.rights.all()
    assert walked(rights.select_related("user"), ("user__email", "pk"), 1) == list(rights)


@pytest.mark.parametrize(
    "change", [lambda c: c[:-1], lambda c: c[1:], lambda c: "x", lambda c: c + "é", lambda c: "\x00"]
)
def test_a_cursor_that_was_cut_or_mistyped_gives_the_first_page(themes, change):
    first = keyset_page(Theme.objects.all(), order=("rank", "pk"), size=2)
    again = keyset_page(Theme.objects.all(), order=("rank", "pk"), size=2, cursor=change(first.next_cursor))
    assert again.items == first.items


def test_a_cursor_of_another_order_gives_the_first_page(themes):
    other = keyset_page(Theme.objects.all(), order=("-slug",), size=2).next_cursor
    page = keyset_page(Theme.objects.all(), order=("pk",), size=2, cursor=other)
    assert page.items == themes[:2]
