"""Every page in a real browser: accessible, valid, light, alone, and readable without scripts.

The pages are those that `matrix.toml` marks with `page`, so that a new route brings its own.
"""

import json
import subprocess
from pathlib import Path
from shutil import which

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from bleach._vendor import html5lib
from django.db import connection
from playwright.sync_api import Page, expect, sync_playwright
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.gates import routes
from tests.gates.ecoindex import LEAST_OF_A, ecoindex
from tests.gates.served import CHROMIUM, QUIET, Site, site
from tests.gates.sources import CHECKOUT

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

NARROW, WIDE = {"width": 360, "height": 740}, {"width": 1280, "height": 900}
PHONE = [(NARROW, scheme) for scheme in ("light", "dark")]
LOOKS = [(size, scheme) for size in (NARROW, WIDE) for scheme in ("light", "dark")]
AXE_OPTIONS = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
# The dark changes colours and nothing else, English the words: what these can break is looked at again, not all.
AXE_COLOURS = AXE_OPTIONS | {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
AXE_WORDS = AXE_OPTIONS | {
    "runOnly": {
        "type": "rule",
        "values": [
            *("button-name", "document-title", "empty-heading", "html-has-lang", "html-lang-valid", "image-alt"),
            *("input-button-name", "label", "landmark-unique", "link-name", "select-name", "summary-name"),
            *("svg-img-alt", "valid-lang"),
        ],
    }
}
VISITS = [(entry, place, role) for entry in routes.entries() for role in entry.seen_by for place in entry.at]
# Every page at its first place; the others show the same page with other contents, and a phone is enough for these.
FIRST = list({(entry.name, role): (entry, place, role) for entry, place, role in reversed(VISITS)}.values())
# Compressed bytes, requests, elements (inclusion.md). A kilobyte is 1,000 bytes.
BUDGET = {"html": 14_000, "css": 20_000, "js": 15_000, "requests": 12, "elements": 600}
DESK_BUDGET = BUDGET | {"html": 40_000, "js": 60_000, "requests": 15}
DESKS = ("moderation:", "clerk:", "sitting:")
MEASURE = """() => {
  const [page] = performance.getEntriesByType("navigation");
  const files = performance.getEntriesByType("resource").map(
    ({name, encodedBodySize, transferSize}) => ({name, size: encodedBodySize, transferred: transferSize}));
  return {html: page.encodedBodySize, files, elements: document.getElementsByTagName("*").length,
          width: document.documentElement.scrollWidth};
}"""


def ids(visit) -> str:
    entry, place, role = visit
    return f"{entry.name}-{place or 'all'}-{role}"


@pytest.fixture(scope="module")
def served(new_database, tmp_path_factory):
    if not Path(CHROMIUM).exists():
        pytest.skip("needs Chromium (Debian: chromium-headless-shell)")
    with new_database("pages") as address, site(address, tmp_path_factory.mktemp("site")) as served:
        yield served


@pytest.fixture(scope="module")
def browser():
    # Playwright leaves its event loop in this thread; the tests' own connection is no async code all the same.
    with pytest.MonkeyPatch.context() as patched, sync_playwright() as playwright:
        patched.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()
        connection.close()  # while the loop runs, Django keeps another connection than without it


@pytest.fixture(scope="module")
def window_of(browser, served):
    """A page of the browser with the session of a role; one for each role, kept open."""
    pages: dict[tuple, Page] = {}

    def window_of(role: str, *, scripts: bool = True) -> Page:
        if (role, scripts) not in pages:
            context = browser.new_context(java_script_enabled=scripts, viewport=NARROW, reduced_motion="reduce")
            cookies = served.cookies(role).items()
            context.add_cookies([{"name": name, "value": value, "url": served.origin} for name, value in cookies])
            pages[role, scripts] = context.new_page()
        return pages[role, scripts]

    yield window_of
    for page in pages.values():
        page.context.close()


# --- In the browser -------------------------------------------------------------------------


@pytest.mark.parametrize("visit", VISITS, ids=ids)
def test_a_page_is_accessible_light_and_quiet(visit, served, window_of):
    entry, place, role = visit
    address = routes.address(entry.name, place, served.world)
    window = window_of(role)
    faults = [
        *faults_of_loading(window, served, address, entry),
        *faults_of_access(window, LOOKS if visit in FIRST else PHONE),
        *(faults_of_language(window, served, address, role) if visit in FIRST else ()),
    ]
    assert faults == [], f"{address} as {role}\n" + "\n".join(faults)


def faults_of_loading(window: Page, served: Site, address: str, entry: routes.Entry):
    """What the page says in the console, asks of others, weighs, and whether it fits a narrow screen."""
    said: list[str] = []
    asked: list[str] = []
    listeners = {
        "console": lambda message: (
            said.append(message.text) if is_complaint(message, served.origin + address) else None
        ),
        "pageerror": lambda error: said.append(str(error)),
        "request": lambda request: asked.append(request.url),
    }
    window.set_viewport_size(NARROW)
    for event, listener in listeners.items():
        window.on(event, listener)
    window.goto(served.origin + address)
    measured = window.evaluate(MEASURE)
    for event, listener in listeners.items():
        window.remove_listener(event, listener)
    if window.url != served.origin + address:
        yield f"leads elsewhere: {window.url}"
    yield from (f"console: {text}" for text in said)
    yield from (f"asks elsewhere: {url}" for url in asked if not url.startswith((served.origin, "data:")))
    if measured["width"] > NARROW["width"]:
        yield f"scrolls sideways: {measured['width']} wide at {NARROW['width']}"
    yield from faults_of_weight(measured, DESK_BUDGET if entry.name.startswith(DESKS) else BUDGET)


def is_complaint(message, url: str) -> bool:
    """An error in the console; the browser's own word that the page itself is a 404 or the like is none."""
    is_status = message.text.startswith("Failed to load resource") and message.location["url"] == url
    return message.type in ("error", "warning") and not is_status


def faults_of_weight(measured: dict, budget: dict[str, int]):
    # The mark is drawn twice, as picture and as icon: the browser asks for it once.
    files = list({file["name"]: file for file in measured["files"]}.values())
    found = {
        "html": measured["html"],
        "css": sum(file["size"] for file in files if file["name"].endswith(".css")),
        "js": sum(file["size"] for file in files if file["name"].endswith(".js")),
        "requests": len(files) + 1,
        "elements": measured["elements"],
    }
    yield from (f"{what}: {found[what]}, at most {most}" for what, most in budget.items() if found[what] > most)
    if found["requests"] > budget["requests"]:
        yield from (f"  {file['name']}" for file in files)
    kilobytes = (measured["html"] + sum(file["size"] for file in files)) / 1000
    index = ecoindex(elements=found["elements"], requests=found["requests"], kilobytes=kilobytes)
    if budget is BUDGET and index <= LEAST_OF_A:
        yield f"EcoIndex {index:.0f}, A is above {LEAST_OF_A}"


def faults_of_access(window: Page, looks):
    """What axe finds at each size, light and dark."""
    window.evaluate(AXE_SCRIPT)
    for size, scheme in looks:
        window.set_viewport_size(size)
        window.emulate_media(color_scheme=scheme)
        options = AXE_OPTIONS if scheme == "light" else AXE_COLOURS
        for violation in window.evaluate("options => axe.run(options)", options)["violations"]:
            for node in violation["nodes"][:3]:
                summary = node["failureSummary"].replace("\n", " ")
                yield f"{violation['id']} ({size['width']}, {scheme}): {node['html'][:160]} {summary}"


def faults_of_language(window: Page, served: Site, address: str, role: str):
    """The English page, once: found by its link, declared, accessible."""
    if role != "anonymous":
        return
    window.goto(f"{served.origin}/en{address}")
    if window.locator("html").get_attribute("lang") != "en":
        yield "the page under /en/ does not say that it is English"
    window.evaluate(AXE_SCRIPT)
    for violation in window.evaluate("options => axe.run(options)", AXE_WORDS)["violations"]:
        yield f"{violation['id']} (in English): {violation['nodes'][0]['html'][:160]}"


WRONG = [visit for visit in VISITS if visit[0].wrong]
SEND_EMPTY = """() => {
  const form = [...document.querySelectorAll("main form")].find(
    form => form.method === "post" && form.querySelector("input:not([type=hidden]), textarea, select"));
  for (const field of form.querySelectorAll("input:not([type=hidden]):not([type=radio]), textarea")) {
    field.value = ""; field.checked = false;
  }
  HTMLFormElement.prototype.submit.call(form);
}"""


@pytest.mark.parametrize("visit", WRONG, ids=ids)
def test_a_form_sent_empty_says_accessibly_what_is_missing(visit, served, window_of):
    """The summary takes the focus and leads to each field; the field names its error."""
    entry, place, role = visit
    window = window_of(role)
    window.goto(served.origin + routes.address(entry.name, place, served.world))
    with window.expect_navigation():
        window.evaluate(SEND_EMPTY)
    assert window.locator("#errors").is_visible()
    expect(window.locator("#errors")).to_be_focused()
    for link in window.locator("#errors a").all():
        field = window.locator(link.get_attribute("href"))
        assert field.get_attribute("aria-invalid") == "true" or field.locator("[aria-invalid=true]").count()
    assert list(faults_of_access(window, PHONE)) == []


@pytest.mark.parametrize("visit", FIRST, ids=ids)
def test_a_page_shows_itself_without_scripts(visit, served, window_of):
    entry, place, role = visit
    window = window_of(role, scripts=False)
    window.goto(served.origin + routes.address(entry.name, place, served.world))
    assert window.locator("h1").count() == 1
    assert window.locator("h1").is_visible()


@pytest.mark.parametrize("visit", VISITS, ids=ids)
def test_every_form_can_be_sent_without_scripts(visit, served):
    entry, place, role = visit
    page = served.read(routes.address(entry.name, place, served.world), role)
    forms = html5lib.parse(page, namespaceHTMLElements=False).findall(".//form")
    assert [form.attrib for form in forms if not can_be_sent(form)] == []


def can_be_sent(form) -> bool:
    """Whether a form has a button to send it and, where it changes something, its token.

    A form that shows nothing is a script's own (a passkey), and asks nothing of anyone without.
    """
    is_post = form.get("method", "get").lower() == "post"
    buttons = [b for b in form.iter("button") if b.get("type", "submit") == "submit"]
    buttons += [i for i in form.iter("input") if i.get("type") in ("submit", "image")]
    has_token = any(field.get("name") == "csrfmiddlewaretoken" for field in form.iter("input"))
    shown = [f for tag in ("input", "select", "textarea") for f in form.iter(tag) if f.get("type") != "hidden"]
    return has_token is is_post and (bool(buttons) or not shown)


def test_a_second_page_loads_nothing_but_itself(browser, served):
    """Files have a hash in their names and are kept: of the next page only the HTML travels."""
    context = browser.new_context()
    window = context.new_page()
    for place in ("open", "closed"):
        window.goto(served.origin + routes.address("petitions:detail", place, served.world))
    travelled = [file["name"] for file in window.evaluate(MEASURE)["files"] if file["transferred"]]
    context.close()
    assert travelled == []


# --- Beside the browser -----------------------------------------------------------------------


def test_every_page_is_valid_html(served, tmp_path):
    validator = CHECKOUT / "node_modules" / ".bin" / "html-validate"
    if not validator.exists():
        if which("npm") is None:
            pytest.skip("needs npm (Debian: npm), for html-validate")
        subprocess.run(["npm", "ci", "--no-progress"], cwd=CHECKOUT, check=True, capture_output=True)
    addresses = {}
    for number, (entry, place, role) in enumerate(VISITS):
        address = routes.address(entry.name, place, served.world)
        for language in ("", "/en") if role == "anonymous" else ("",):
            page = tmp_path / f"{number}{language.replace('/', '-')}.html"
            page.write_text(served.read(language + address, role), encoding="utf-8")
            addresses[str(page)] = f"{language}{address} as {role}"
    settings = str(CHECKOUT / ".htmlvalidate.json")
    done = subprocess.run(
        [validator, "--config", settings, "--formatter", "json", *addresses],
        capture_output=True, text=True, check=False, cwd=CHECKOUT,
    )  # fmt: skip
    wrong = [
        f"{addresses[result['filePath']]}: {found['ruleId']}: {found['message']} ({found.get('selector')})"
        for result in json.loads(done.stdout)
        for found in result["messages"]
    ]
    assert wrong == [], "\n".join(wrong)


SOCKETS = [(table, place) for table in routes.matrix()["socket"] for place in table["at"]]


@pytest.mark.parametrize(("table", "place"), SOCKETS, ids=[place for _table, place in SOCKETS])
def test_a_socket_opens_to_those_whom_the_matrix_names(table, place, served):
    address = served.origin.replace("http", "ws") + table["address"].format(**served.world.samples[place])
    assert {role for role in routes.ROLES if opens(address, served, role)} == set(table["open_to"])


def opens(address: str, served: Site, role: str) -> bool:
    cookies = "; ".join(f"{name}={value}" for name, value in served.cookies(role).items())
    headers = {"Cookie": cookies} if cookies else {}
    try:
        with connect(address, origin=served.origin, additional_headers=headers):
            return True
    except InvalidStatus as refusal:
        assert refusal.response.status_code == 403
        return False


def test_the_ecoindex_is_the_published_one():
    """The example of the reference implementation's own manual (ecoindex-python): 72.0."""
    assert round(ecoindex(elements=100, requests=100, kilobytes=100), 1) == 72.0
