import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.kernel.charts import HEIGHT, Bars, Columns, Series, round_up


@pytest.mark.parametrize(
    ("value", "top"),
    [(0, 1), (0.07, 0.1), (0.7, 1), (1, 1), (3, 4), (4, 4), (4.2, 5), (37, 40), (61, 100), (101, 200), (1000, 1000)],
)
def test_a_scale_ends_at_a_round_number(value, top):
    assert round_up(value) == pytest.approx(top)


@given(st.floats(min_value=0, max_value=1e9))
def test_nothing_stands_out_of_the_scale(value):
    assert round_up(value) >= value * 0.999


def columns(*series, labels=("a", "b"), **more):
    made = [Series(f"series {number}", values) for number, values in enumerate(series)]
    return Columns(id="c", title="Title", heading="When", labels=labels, series=made, **more)


def test_a_column_is_as_high_as_its_value():
    chart = columns([2, 4])
    assert [(shape.x, shape.y, shape.height) for shape in chart.shapes] == [(15, 500, 500), (115, 0, 1000)]
    assert chart.scale == ["4", "2.0", "0"]


def test_the_later_series_stands_in_front_and_what_is_missing_is_not_drawn():
    chart = columns([4, None], [2, 0])
    assert [(shape.series, shape.height) for shape in chart.shapes] == [(0, HEIGHT), (1, HEIGHT // 2)]
    assert chart.rows == [("a", ["4", "2"]), ("b", ["–", "0"])]


def test_a_chart_without_figures_says_so():
    assert columns([0, None]).is_empty
    assert columns([], labels=()).is_empty
    assert not columns([0, 1]).is_empty


def test_some_labels_are_shown_below():
    assert columns([1] * 6, labels=tuple("abcdef"), every=3).marks == ("a", "d")


def test_the_longest_bar_is_whole():
    rows = Bars(id="b", title="Title", heading="What", unit="How many", figures=[("x", 8), ("y", 2), ("z", 0)]).rows
    assert [(row.label, row.share, row.said) for row in rows] == [("x", 100, "8"), ("y", 25, "2"), ("z", 0, "0")]
    assert Bars(id="b", title="Title", heading="What", unit="How many", figures=[]).rows == []
