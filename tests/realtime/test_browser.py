"""`static/js/live.js` in Chromium, against a real server; the tests play the network's part where it fails."""

import json

import pytest
from playwright.sync_api import expect

from tests.browser import chromium
from tests.realtime.beside import Beside
from tests.realtime.servers import PATIENCE, ROOT, serving

pytestmark = pytest.mark.browser
MILLISECONDS = PATIENCE * 1000


@pytest.fixture(scope="module")
def beside(new_database):
    with new_database("live") as address:
        yield Beside(address)


@pytest.fixture(scope="module")
def server(beside):
    with serving("daphne", database=beside.url) as served:
        yield served


@pytest.fixture
def stream(beside):
    return beside.stream()


@pytest.fixture
def say(beside):
    return beside.publish


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture
def page(browser):
    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(MILLISECONDS)
    page.problems = []
    page.on("pageerror", lambda problem: page.problems.append(problem))
    yield page
    context.close()
    assert page.problems == []


@pytest.fixture
def show(page, server):
    """Open a page that was rendered when the stream stood at `seq`."""

    def show(stream, seq=0):
        page.goto(f"{server.origin}/page/{stream.pk}/{seq}/")
        return page.locator("[data-live=line]")

    return show


# The page's socket, with what it heard, and the numbers to lose on the way.
RECORDER = """
    window.heard = [];
    window.lost = new Set();
    window.WebSocket = class extends WebSocket {
        constructor(address) {
            super(address);
            window.socket = this;
        }
        set onmessage(listener) {
            super.onmessage = (event) => {
                const message = JSON.parse(event.data);
                const frames = message.frames ?? [message];
                window.heard.push(...frames);
                const arrived = frames.filter(({ kind, seq }) => kind === "heartbeat" || !window.lost.has(seq));
                listener(new MessageEvent("message", { data: JSON.stringify({ frames: arrived }) }));
            };
        }
    };
"""


def wait_for(page, expression):
    """Playwright's own way evaluates text within the page, which our policy of contents forbids."""
    for _ in range(PATIENCE * 20):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"not within {PATIENCE} s: {expression}")


@pytest.fixture
def joined(page):
    """Wait until the page's socket was greeted, once more than before."""
    page.add_init_script(RECORDER)

    def joined():
        wait_for(page, "window.heard.some((frame) => frame.kind === 'heartbeat')")
        page.evaluate("window.heard.length = 0")

    return joined


def test_an_event_replaces_what_the_page_shows(show, stream, say, page, joined):
    line = show(stream)
    joined()
    say(stream, "Bonjour")
    expect(line).to_have_text("Bonjour")


def test_a_page_from_a_cache_fetches_what_it_missed(show, stream, say):
    for text in ("one", "two"):
        say(stream, text)
    expect(show(stream, seq=1)).to_have_text("two")


def test_a_page_that_is_up_to_date_asks_for_nothing(show, stream, say, page, joined):
    say(stream, "one")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    line = show(stream, seq=1)
    joined()
    say(stream, "two")
    expect(line).to_have_text("two")
    assert not [url for url in asked if "/streams/" in url]


def test_a_gap_is_fetched_and_nothing_is_applied_twice_or_out_of_order(show, stream, say, page, joined):
    show(stream)
    page.evaluate(
        """() => {
            window.seen = [];
            const line = document.querySelector("[data-live]");
            const note = ({ addedNodes }) => window.seen.push(addedNodes[0].textContent);
            new MutationObserver((records) => records.forEach(note)).observe(line, { childList: true });
        }"""
    )
    joined()
    page.evaluate("window.lost.add(2).add(3)")
    for number in range(1, 6):
        say(stream, number)
        wait_for(page, f"window.heard.some((frame) => frame.seq === {number})")
    expect(page.locator("[data-live=line]")).to_have_text("5")
    assert page.evaluate("window.seen") == ["1", "2", "3", "4", "5"]


def test_a_push_lost_and_then_silence_is_noticed_by_the_heartbeat(show, stream, say, page, joined):
    line = show(stream)
    joined()
    page.evaluate("window.lost.add(1)")
    say(stream, "lost")
    wait_for(page, "window.heard.some((frame) => frame.seq === 1)")
    heartbeat = json.dumps({"stream": stream.pk, "seq": 1, "kind": "heartbeat"})
    page.evaluate("(data) => window.socket.dispatchEvent(new MessageEvent('message', { data }))", heartbeat)
    expect(line).to_have_text("lost")


def test_where_sockets_are_blocked_the_page_polls(show, stream, say, page):
    page.route_web_socket("**/ws/**", lambda socket: socket.close())
    line = show(stream)
    page.wait_for_timeout(200)
    say(stream, "by HTTP")
    expect(line).to_have_text("by HTTP", timeout=MILLISECONDS)


def test_after_a_dropped_socket_the_page_converges(show, stream, say, page, joined):
    line = show(stream)
    joined()
    page.evaluate("window.socket.close()")
    say(stream, "meanwhile")
    expect(line).to_have_text("meanwhile", timeout=MILLISECONDS)
    joined()
    say(stream, "again live")
    expect(line).to_have_text("again live")


@pytest.mark.parametrize(("luck", "delays"), [(0.0, [1_000, 2_000]), (0.999, [4_996])])
def test_pages_that_lost_their_socket_come_back_spread_out_and_ever_slower(show, stream, page, luck, delays):
    page.add_init_script(
        """
        const wait = window.setTimeout;
        window.waits = [];
        window.setTimeout = (act, delay) => (window.waits.push(Math.round(delay)), wait(act, delay));
        """
        f"Math.random = () => {luck};"
    )
    page.route_web_socket("**/ws/**", lambda socket: socket.close())
    show(stream)
    for delay in delays:
        wait_for(page, f"window.waits.includes({delay})")


def test_where_nothing_answers_the_page_says_so_until_it_does(show, stream, say, page, server):
    page.route_web_socket("**/ws/**", lambda socket: socket.close())
    page.route("**/streams/**", lambda route: route.fulfill(status=503))
    page.add_init_script("Math.random = () => 0;")
    line = show(stream)
    note = page.locator("[data-unreached]")
    expect(note).to_be_visible(timeout=MILLISECONDS)
    page.unroute("**/streams/**")
    say(stream, "meanwhile")
    expect(line).to_have_text("meanwhile", timeout=MILLISECONDS)
    expect(note).to_be_hidden()


def test_a_page_whose_stream_was_hidden_stops_asking(show, page, server, beside):
    stream = beside.stream("page")
    show(stream)
    beside.execute(
        "INSERT INTO territory_space (kind, name, created_at) VALUES (%s, '', now())", [f"hides-{stream.pk}"]
    )
    with page.expect_response(lambda response: "/streams/" in response.url and response.status == 404):
        beside.wake(f"close {stream.pk} 0")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda socket: asked.append(socket.url))
    page.wait_for_timeout(4_000)
    assert asked == []


def test_a_reset_loads_the_page_again(show, stream, say, page, beside):
    for text in ("old", "new"):
        say(stream, text)
    beside.execute("DELETE FROM realtime_streamevent WHERE seq = 1 AND stream_id = %s", [stream.pk])
    beside.execute("UPDATE realtime_stream SET floor = 1 WHERE id = %s", [stream.pk])
    show(stream, seq=0)
    with page.expect_navigation():
        pass


def test_leaving_and_coming_back_joins_again(show, stream, say, page, joined):
    line = show(stream)
    joined()
    page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")
    say(stream, "while away")
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    expect(line).to_have_text("while away")


def test_the_module_is_light():
    import gzip

    assert len(gzip.compress((ROOT / "static/js/live.js").read_bytes())) <= 3 * 1024
