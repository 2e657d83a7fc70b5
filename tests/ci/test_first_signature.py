"""The script by which CI signs in a started product: it reaches the end, and says where it could not."""

import threading

import pytest
from django.db import connection

from petitions import counting
from petitions.models import Counter, Petition
from tests.ci import first_signature
from tests.petitions.conftest import draft, opened, quarter, theme  # noqa: F401

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls("tests.demo.urls")]


@pytest.fixture
def counting_loop(transactional_db):
    """What the worker does once a second."""
    stopping = threading.Event()

    def count():
        while not stopping.wait(0.1):
            counting.count_moved()
        connection.close()

    thread = threading.Thread(target=count)
    thread.start()
    yield
    stopping.set()
    thread.join()


def test_a_visitor_reaches_a_signature_that_counts(live_server, opened, counting_loop, capsys):  # noqa: F811
    assert first_signature.main([live_server.url]) == 0
    assert "counted: 0, then 1" in capsys.readouterr().out
    assert Counter.objects.get(petition=opened).confirmed == 1


def test_where_the_count_does_not_follow_it_says_so(live_server, opened, capsys, monkeypatch):  # noqa: F811
    monkeypatch.setattr(first_signature, "PATIENCE", 1.0)
    assert first_signature.main([live_server.url]) == 1
    assert "The count stayed at 0" in capsys.readouterr().err


def test_without_an_open_petition_it_says_so(live_server, opened, capsys):  # noqa: F811
    Petition.objects.update(closes_at=opened.opens_at + (opened.closes_at - opened.opens_at) / 10**9)
    assert first_signature.main([live_server.url]) == 1
    assert "has no link to an open petition" in capsys.readouterr().err


def test_where_nothing_listens_it_says_so(capsys):
    assert first_signature.main(["http://127.0.0.1:9"]) == 1
    assert "can't be reached" in capsys.readouterr().err


def test_without_an_address_it_says_how_it_is_used(capsys):
    assert first_signature.main([]) == 1
    assert "Usage" in capsys.readouterr().err
