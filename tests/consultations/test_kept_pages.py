"""What the front cache and browsers keep of a consultation: nothing of a result before, and soon all of it after."""

import json
import re

import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import RequestFactory
from django.utils import timezone

from civic.kernel.front_cache import FrontCache
from civic.kernel.front_cache.store import Store
from consultations.proclamation import proclaim
from tests.consultations.counted import counted, question

pytestmark = pytest.mark.django_db
PLACE = question("place", "single", "plurality", ["parc", "halle"])
# Seconds that a page may be kept and shown while it is renewed; what is published for programs, a little longer.
PAGES, RECORDS = 3, 6
NUMBERS = re.compile(r"(?<=[/\"-])\d+(?=[-/\"])")
DIRECTIVE = re.compile(r"(max-age|stale-while-revalidate)=(\d+)")


class Visitor:
    """Somebody without a session, before the cache as servers have it; tests turn its clock."""

    def __init__(self):
        self.now = 1000.0
        store = Store(clock=lambda: self.now)
        self.door = FrontCache(session_cookie=settings.SESSION_COOKIE_NAME, store=store).wsgi(WSGIHandler())

    def read(self, address, **headers):
        begun = {}

        def start_response(status, pairs):
            begun["status"], begun["headers"] = int(status[:3]), {name.lower(): value for name, value in pairs}

        body = b"".join(self.door(RequestFactory().get(address, **headers).environ, start_response))
        return begun["status"], begun["headers"], body.decode()


@pytest.fixture
def visitor():
    """The handler's end of a request would close the connection of this test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield Visitor()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def waiting():
    return counted(PLACE, ballots=[{"place": "parc"}] * 12 + [{"place": "halle"}] * 11)


def pages_of(consultation):
    """Each page that tells where a consultation stands, with the seconds for which it may be behind."""
    return {
        consultation.get_absolute_url(): PAGES,
        "/consultations/": PAGES,
        "/consultations.json": RECORDS,
        "/consultations/nouvelles.atom": RECORDS,
    }


def results_of(consultation):
    base = f"/consultations/{consultation.pk}/resultats/"
    return [base, f"{base}place/", f"{base}resultats.json", f"{base}resultats.csv", f"{base}bulletins.csv"]


def kept_for(headers):
    """The seconds for which a browser may show an answer without asking again."""
    said = headers.get("cache-control", "")
    return 0 if "no-store" in said else sum(int(seconds) for _name, seconds in DIRECTIVE.findall(said))


def test_a_proclaimed_result_is_seen_within_the_seconds_that_a_page_is_kept(visitor, waiting, colette):
    before = {address: visitor.read(address) for address in pages_of(waiting)}
    assert {visitor.read(address)[0] for address in results_of(waiting)} == {404}
    assert {address: visitor.read(address) for address in before} == before  # kept
    proclaim(waiting, colette, at=timezone.now())
    # The result's own pages were never kept as missing: they are there at once.
    assert {visitor.read(address)[0] for address in results_of(waiting)} == {200}
    for address, seconds in pages_of(waiting).items():
        assert visitor.read(address)[2] == before[address][2]
        assert 0 < kept_for(before[address][1]) <= seconds
    visitor.now += RECORDS + 0.1
    for address, (_status, headers, body) in before.items():
        status, new_headers, new_body = visitor.read(address, HTTP_IF_NONE_MATCH=headers["etag"])
        assert (status, new_body != body) == (200, True), address
        assert int(new_headers["age"]) == 0
    assert f"/consultations/{waiting.pk}/resultats/" in visitor.read(waiting.get_absolute_url())[2]
    [record] = json.loads(visitor.read("/consultations.json")[2])["consultations"]
    assert record["results"] is not None


def test_the_page_itself_is_behind_for_three_seconds_at_most(visitor, waiting, colette):
    address = waiting.get_absolute_url()
    visitor.read(address)
    proclaim(waiting, colette, at=timezone.now())
    visitor.now += PAGES + 0.1
    assert f"/consultations/{waiting.pk}/resultats/" in visitor.read(address)[2]


def test_before_the_proclamation_nothing_that_is_kept_knows_how_people_voted(visitor, waiting, colette, sign_in):
    other = counted(PLACE, ballots=[{"place": "halle"}] * 12 + [{"place": "parc"}] * 11)
    # Whoever runs it leaves nothing in the cache, either.
    cookie = {"HTTP_COOKIE": sign_in(colette).cookies.output(attrs=[], header="", sep=";").strip()}
    for consultation in (waiting, other):
        for address in results_of(consultation):
            assert visitor.read(address, **cookie)[0] == 404
            status, headers, _body = visitor.read(address)
            assert (status, kept_for(headers), "last-modified" in headers) == (404, 0, False)
    pages = [visitor.read(each.get_absolute_url())[2] for each in (waiting, other)]
    # The same but for what names each: its number, and that of its stream.
    assert NUMBERS.sub("", pages[0]) == NUMBERS.sub("", pages[1])
