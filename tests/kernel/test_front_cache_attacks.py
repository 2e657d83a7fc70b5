"""What one visitor sends must change nothing of what the next one is shown, nor make the cache let go of it."""

import asyncio

import pytest

from tests.kernel.sites import PAGE, AsgiSite, WsgiSite


@pytest.fixture(params=[AsgiSite, WsgiSite])
def site(request):
    """A site whose answer any of these requests turns into one that is nobody else's."""
    site = request.param()
    site.ask()
    site.answer = (400, {"Cache-Control": "private, no-store"}, b"refused")
    return site


@pytest.mark.parametrize(
    "oddity",
    [
        {"if_match": '"other"'},
        {"if_unmodified_since": "Mon, 01 Jan 2001 00:00:00 GMT"},
        {"content_type": "text/plain; charset=utf-7"},
        {"content_length": "10"},
        {"transfer_encoding": "chunked"},
        {"cookie": "session =abc"},
        {"cookie": "session"},
        {"root": "//elsewhere.example"},
        {"host": "example.org:" + "0" * 2100},
    ],
)
def test_an_odd_request_leaves_what_is_kept_alone(site, oddity):
    assert site.ask(**oddity)[2] == b"refused"
    assert site.ask()[2] == PAGE


@pytest.mark.parametrize(
    "twice", [("host", "elsewhere.example"), ("host", "example.org"), ("cookie", "a=b"), ("x-forwarded-proto", "http")]
)
def test_a_header_said_twice_passes_by(twice):
    site = AsgiSite()
    site.ask(cookie="c=d", x_forwarded_proto="https")
    site.answer = (400, {"Cache-Control": "private, no-store"}, b"refused")
    assert site.ask(cookie="session=x", x_forwarded_proto="https", more=[twice])[2] == b"refused"
    assert site.ask(x_forwarded_proto="https")[2] == PAGE


@pytest.mark.parametrize("make_site", [AsgiSite, WsgiSite])
def test_what_a_proxy_says_of_the_scheme_is_never_mixed(make_site):
    site = make_site()
    for said in ("https", "https, http", "http", "HTTPS"):
        site.ask(x_forwarded_proto=said)
    assert site.renders == 4


async def test_a_visitor_who_leaves_before_the_answer_does_not_keep_the_page_out():
    site = AsgiSite()
    answering = site.front._application

    async def gone(scope, receive, send):
        return  # as Django does when its visitor leaves

    site.front._application = gone
    with pytest.raises(IndexError):
        await site.ask_there()
    site.front._application = answering
    await asyncio.gather(*(site.ask_there() for _ in range(5)))
    assert site.renders == 1


def test_nobody_chooses_where_the_links_of_a_page_lead(monkeypatch):
    """daphne takes `Daphne-Root-Path` from anyone as the prefix of every link."""
    from civic import asgi

    scopes = []

    async def pages(scope, receive, send):
        scopes.append(scope)

    monkeypatch.setattr(asgi, "pages", pages)
    asyncio.run(asgi.application({"type": "http", "root_path": "//elsewhere.example"}, None, None))
    assert scopes[0]["root_path"] == ""
