"""The front cache behind both doors, in front of a small site whose clock the tests turn."""

import asyncio
import gzip
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import brotli
import pytest

from tests.kernel.sites import BROKEN, PAGE, PUBLIC, AsgiSite, WsgiSite


@pytest.fixture(params=[AsgiSite, WsgiSite])
def make_site(request):
    return request.param


@pytest.fixture
def site(make_site):
    return make_site()


def test_a_public_page_is_rendered_once_while_it_is_fresh(site):
    answers = [site.ask() for _ in range(5)]
    assert site.renders == 1
    assert {(status, body) for status, _, body in answers} == {(200, PAGE)}


def test_the_answer_tells_its_age(site):
    site.ask()
    site.now += 1.5
    assert site.ask()[1]["age"] == "1"


def test_an_expired_page_is_shown_once_more_while_it_is_renewed(site):
    site.ask()
    site.answer = (200, {"Cache-Control": PUBLIC}, b"new")
    site.now += 2.5
    first, second = site.ask()[2], site.ask()[2]
    assert (first in {PAGE, b"new"}, second, site.renders) == (True, b"new", 2)


def test_a_page_past_that_is_waited_for(site):
    site.ask()
    site.answer = (200, {"Cache-Control": PUBLIC}, b"new")
    site.now += 30
    assert site.ask()[2] == b"new"


def test_somebody_with_a_session_passes_by(site):
    site.ask()
    site.ask(cookie="csrf=x; session=abc")
    assert site.renders == 2


def test_another_cookie_changes_nothing(site):
    site.ask()
    site.ask(cookie="csrf=abc")
    assert site.renders == 1


@pytest.mark.parametrize("headers", [{"authorization": "Basic x"}, {"range": "bytes=0-1"}])
def test_what_asks_for_more_than_a_page_passes_by(site, headers):
    site.ask()
    site.ask(**headers)
    assert site.renders == 2


def test_a_post_passes_by_and_is_not_kept(site):
    site.ask(method="POST")
    site.ask(method="POST")
    assert site.renders == 2


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Cache-Control": "private, no-store"},
        {"Cache-Control": "public, no-cache"},
        {"Cache-Control": "public"},
        {"Cache-Control": PUBLIC, "Set-Cookie": "csrf=x"},
        {"Cache-Control": PUBLIC, "Vary": "Cookie"},
        {"Cache-Control": PUBLIC, "Vary": "Accept-Encoding, Accept"},
    ],
)
def test_what_is_not_for_everybody_is_not_kept(site, headers):
    site.answer = (200, headers, b"mine")
    assert [site.ask()[2] for _ in range(3)] == [b"mine"] * 3
    assert site.renders == 3


@pytest.mark.parametrize("status", [302, 403, 500])
def test_other_statuses_are_not_kept(site, status):
    site.answer = (status, {"Cache-Control": PUBLIC}, b"no")
    assert [site.ask()[0] for _ in range(2)] == [status, status]
    assert site.renders == 2


def test_host_path_query_and_scheme_are_apart(site):
    for address, headers in [
        ("/", {}),
        ("/en/", {}),
        ("/?page=2", {}),
        ("/", {"host": "autre.example.org"}),
        ("/", {"x_forwarded_proto": "https"}),
    ]:
        for _ in range(2):
            site.ask(address, **headers)
    assert site.renders == 5


def test_an_endless_address_is_not_kept(site):
    for _ in range(2):
        site.ask("/?q=" + "a" * 3000)
    assert site.renders == 2


@pytest.mark.parametrize(
    ("accepted", "encoding", "decode"),
    [
        ("gzip, deflate, br", "br", brotli.decompress),
        ("gzip", "gzip", gzip.decompress),
        ("", None, bytes),
        ("br;q=0, gzip;q=0.5", None, bytes),
    ],
)
def test_one_rendering_serves_every_encoding(site, accepted, encoding, decode):
    site.ask()
    _, headers, body = site.ask(accept_encoding=accepted)
    assert headers.get("content-encoding") == encoding
    assert headers["content-length"] == str(len(body))
    assert headers["vary"] == "accept-encoding"
    assert decode(body) == PAGE
    assert site.renders == 1


def test_what_django_compressed_is_there_for_those_who_can_t_read_it(site):
    packed = gzip.compress(PAGE)
    site.answer = (200, {"Cache-Control": PUBLIC, "Content-Encoding": "gzip", "Vary": "Accept-Encoding"}, packed)
    assert site.ask(accept_encoding="gzip")[2] == packed
    assert site.ask()[2] == PAGE


def test_a_picture_is_not_compressed_again(site):
    site.answer = (200, {"Cache-Control": PUBLIC, "Content-Type": "image/png"}, PAGE)
    assert "content-encoding" not in site.ask(accept_encoding="br")[1]


def test_who_knows_the_page_gets_304_from_memory(site):
    site.answer = (200, {"Cache-Control": PUBLIC, "ETag": '"abc"', "Content-Type": "text/html"}, PAGE)
    etag = site.ask(accept_encoding="br")[1]["etag"]
    assert etag == 'W/"abc"'
    for known in (etag, '"abc"', f'"other", {etag}', "*"):
        status, headers, body = site.ask(if_none_match=known)
        assert (status, body) == (304, b"")
        assert headers["etag"] == etag and headers["cache-control"] == PUBLIC
        assert "content-type" not in headers
    assert site.ask(if_none_match='"other"')[0] == 200
    assert site.renders == 1


def test_a_condition_never_reaches_what_is_rendered_for_all(site):
    assert site.ask(if_none_match='W/"x"', if_modified_since="now")[0] == 200
    assert not {b"if-none-match", b"if-modified-since"} & site.seen[0].keys()


def test_head_has_the_headers_and_no_body(site):
    site.ask()
    status, headers, body = site.ask(method="HEAD")
    assert (status, headers["content-length"], body) == (200, str(len(PAGE)), b"")
    assert site.renders == 1


def test_a_head_alone_is_not_kept_as_the_page(site):
    site.ask(method="HEAD")
    assert site.ask()[2] == PAGE


def test_a_page_stays_for_fifty_seconds_while_rendering_fails(site):
    site.ask()
    site.answer = BROKEN
    for _ in range(40):
        site.now += 1.25
        status, _, body = site.ask()
        assert (status, body) == (200, PAGE)
    site.now += 3
    assert site.ask()[0] == 503


def test_a_failing_page_is_tried_once_a_second_and_heals(site):
    site.ask()
    site.answer = BROKEN
    site.now += 10
    for _ in range(20):
        site.ask()
    assert site.renders == 2
    site.answer = (200, {"Cache-Control": PUBLIC}, b"new")
    site.now += 1.1
    site.ask()
    assert site.ask()[2] == b"new"


def test_a_page_that_was_hidden_is_gone_from_here_too(site):
    site.ask()
    site.answer = (404, {"Cache-Control": "private, no-store"}, b"gone")
    site.now += 10
    assert site.ask()[0] == 404


def test_what_is_kept_stays_within_its_bounds(make_site):
    site = make_site(most_entries=10)
    for number in range(50):
        site.ask(f"/{number}")
    assert len(site.front._store._kept) == 10
    small = make_site(most_bytes=20_000)
    for number in range(50):
        small.ask(f"/{number}")
    assert small.front._store._bytes <= 20_000


def test_what_is_used_stays_when_room_is_made(make_site):
    site = make_site(most_entries=10)
    for number in range(50):
        site.ask(f"/{number}")
        site.ask("/0")
    site.renders = 0
    site.ask("/0")
    assert site.renders == 0


def test_fifty_who_ask_at_once_share_one_rendering_asgi():
    site = AsgiSite()
    assert asyncio.run(_together(site, 50)) == {(200, PAGE)}
    assert site.renders == 1


def test_fifty_who_ask_at_once_share_one_failure_asgi():
    site = AsgiSite()
    site.answer = BROKEN
    assert asyncio.run(_together(site, 50)) == {(503, b"away")}
    assert site.renders == 1


def test_pages_that_can_t_be_kept_don_t_queue_asgi():
    site = AsgiSite()
    site.answer = (200, {"Cache-Control": "private, no-store"}, b"mine")
    assert asyncio.run(_together(site, 5)) == {(200, b"mine")}
    assert site.renders == 5


async def _together(site, count):
    site.gate = asyncio.Event()
    tasks = [asyncio.ensure_future(site.ask_there()) for _ in range(count)]
    await asyncio.sleep(0.01)
    site.gate.set()
    return {(status, body) for status, _, body in await asyncio.gather(*tasks)}


async def test_nobody_waits_long_for_a_slow_page_that_was_shown_before(monkeypatch):
    monkeypatch.setattr("civic.kernel.front_cache.asgi.PATIENCE", 0.05)
    site = AsgiSite()
    await site.ask_there()
    site.gate = asyncio.Event()
    site.now += 30
    assert (await site.ask_there())[2] == PAGE
    site.gate.set()


@pytest.mark.parametrize("answer", [None, BROKEN])
def test_many_threads_share_one_rendering_or_one_failure(answer):
    site = WsgiSite()
    site.answer = answer or site.answer
    site.gate = threading.Event()
    looks = []
    find = site.front._store.find
    site.front._store.find = lambda key: looks.append(key) or find(key)
    with ThreadPoolExecutor(20) as pool:
        waiting = [pool.submit(site.ask) for _ in range(20)]
        while len(looks) < 40:  # each looks before and within the lock
            time.sleep(0.01)
        site.gate.set()
        answers = {(status, body) for status, _, body in (each.result(20) for each in waiting)}
    assert answers == ({(BROKEN[0], BROKEN[2])} if answer else {(200, PAGE)})
    assert site.renders == 1
