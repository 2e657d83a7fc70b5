import asyncio

import pytest
from channels.db import database_sync_to_async

from civic.realtime import door, registry
from civic.realtime.models import Stream


def scope(**headers):
    return {"headers": [(name.encode(), value.encode()) for name, value in headers.items()]}


@pytest.mark.parametrize(
    ("origin", "host", "is_own"),
    [
        ("https://fabrique.example.fr", "fabrique.example.fr", True),
        ("https://fabrique.example.fr", "127.0.0.1:8000", True),  # a proxy that does not pass the name on
        ("https://www.example.fr", "www.example.fr", True),
        ("http://fabrique.example.fr", "fabrique.example.fr", False),
        ("https://fabrique.example.fr:8443", "fabrique.example.fr", False),
        ("https://fabrique.example.fr.evil.example", "fabrique.example.fr", False),
        ("https://evil.example", "evil.example", False),
        ("null", "fabrique.example.fr", False),
        ("", "fabrique.example.fr", False),
        ("", "", False),
    ],
)
def test_a_socket_s_page_is_the_site_s_own(settings, origin, host, is_own):
    settings.SITE_URL = "https://fabrique.example.fr"
    settings.ALLOWED_HOSTS = ["fabrique.example.fr", "www.example.fr"]
    assert door.is_own_origin(scope(origin=origin, host=host)) is is_own


@pytest.mark.django_db(transaction=True)
async def test_many_without_an_account_ask_one_question(monkeypatch):
    asked = []
    monkeypatch.setitem(registry._registered, "hall", lambda user, stream: asked.append(stream.pk) or True)
    stream = await database_sync_to_async(Stream.objects.create)(kind="hall", seq=7)
    the_door = door.Door()
    answers = await asyncio.gather(*(the_door.ask(stream.pk, None) for _ in range(50)))
    assert {answer.seq for answer in answers} == {7}
    assert asked == [stream.pk]


@pytest.mark.django_db(transaction=True)
async def test_an_answer_is_asked_again_once_something_was_closed(monkeypatch):
    readable = [True]
    monkeypatch.setitem(registry._registered, "hall", lambda user, stream: readable[0])
    stream = await database_sync_to_async(Stream.objects.create)(kind="hall")
    the_door = door.Door()
    assert (await the_door.ask(stream.pk, None)).seq == 0
    readable[0] = False
    the_door.forget()
    assert (await the_door.ask(stream.pk, None)).seq is None
