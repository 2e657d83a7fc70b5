from copy import deepcopy
from pathlib import Path

import pytest

from civic.realtime import registry
from civic.realtime.models import Stream


@pytest.fixture(autouse=True)
def line_template(settings):
    """A fragment that shows its text and its language."""
    templates = deepcopy(settings.TEMPLATES)
    templates[0]["DIRS"].append(Path(__file__).parent / "templates")
    settings.TEMPLATES = templates


@pytest.fixture
def open_kind(monkeypatch):
    """A kind of stream that anybody may read."""
    monkeypatch.setitem(registry._registered, "hall", lambda user, stream: True)
    return "hall"


@pytest.fixture
def stream(db, open_kind):
    return Stream.objects.create(kind=open_kind)


@pytest.fixture
def say():
    """Publish one line of text."""

    def say(stream, text, **options):
        return stream.publish("line", "realtime_tests/_line.html", {"text": text}, **options)

    return say
