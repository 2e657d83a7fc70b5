"""A space is read by the name that its feature gives it, and by its kind where it has none."""

import pytest

from civic.territory import kinds
from civic.territory.models import Space

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def sessions():
    before = dict(kinds._labels)
    kinds.register("session", "Session")
    yield
    kinds._labels.clear()
    kinds._labels.update(before)


def test_a_space_is_called_what_its_feature_calls_it():
    space = Space.objects.create(kind="session", name="Conseil municipal du 3 décembre")
    assert str(space) == "Conseil municipal du 3 décembre"
    space.rename("Conseil municipal du 10 décembre")
    assert str(Space.objects.get(pk=space.pk)) == "Conseil municipal du 10 décembre"


def test_a_name_that_is_too_long_is_cut_rather_than_refused():
    space = Space.objects.create(kind="session")
    space.rename("x" * 900)
    assert len(Space.objects.get(pk=space.pk).name) == 200


def test_without_a_name_its_kind_says_what_it_is():
    space = Space.objects.create(kind="session")
    assert str(space) == f"Session {space.pk}"
    assert kinds.label_of("unheard-of") == "unheard-of"
