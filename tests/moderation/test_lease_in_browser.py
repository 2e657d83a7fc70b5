"""The small script that keeps a case while its page is looked at."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect, sync_playwright

from civic.moderation.models import Case
from tests.concurrency import together

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LATER = 61_000  # milliseconds on the page's clock: one renewal


@pytest.fixture
def desk(live_server, sign_in, mireille, malik, case):
    """A browser of Mireille's on the case that she holds, with a clock that the test moves."""
    case.claim(mireille)
    session = sign_in(mireille).cookies["session"].value
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        context = browser.new_context(base_url=live_server.url)
        context.add_cookies([{"name": "session", "value": session, "url": live_server.url}])
        page = context.new_page()
        page.clock.install()
        page.goto(reverse("moderation:case", args=[case.pk]), wait_until="networkidle")
        yield page
        browser.close()


def is_renewal(response):
    return response.url.endswith("/renouvellement/")


def test_a_page_that_is_looked_at_renews(desk):
    with desk.expect_response(is_renewal) as answer:
        desk.clock.run_for(LATER)
    assert answer.value.status == 204
    expect(desk.locator("[data-lease-lost]")).to_be_hidden()


def test_who_lost_the_case_is_told_once_and_asks_no_more(desk, malik):
    # In a thread: Playwright keeps an event loop in this one, where Django won't ask the database.
    together(lambda: Case.objects.update(claimed_by=malik))
    with desk.expect_response(is_renewal) as answer:
        desk.clock.run_for(LATER)
    assert answer.value.status == 409
    expect(desk.locator("[data-lease-lost]")).to_be_visible()
    asked = []
    desk.on("request", lambda request: asked.append(request.url))
    desk.clock.run_for(5 * LATER)
    assert asked == []


def test_a_page_left_aside_lets_the_case_go(desk):
    desk.evaluate("Object.defineProperty(document, 'visibilityState', {get: () => 'hidden'})")
    asked = []
    desk.on("request", lambda request: asked.append(request.url))
    desk.clock.run_for(5 * LATER)
    assert asked == []


def test_a_moment_without_network_is_no_refusal(desk):
    desk.context.set_offline(True)
    desk.clock.run_for(LATER)
    expect(desk.locator("[data-lease-lost]")).to_be_hidden()
    desk.context.set_offline(False)
    with desk.expect_response(is_renewal) as answer:
        desk.clock.run_for(LATER)
    assert answer.value.status == 204
