"""Debian's Chromium, and the two ways of using a page: by mouse, and by keyboard alone."""

import os
import re
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, sync_playwright

from tests.product import PATIENCE

CHROMIUM = Path("/usr/bin/chromium-headless-shell")
# No look at the network but at what a test asks for.
ARGUMENTS = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
MOST_STOPS = 150  # of the Tab key on one page
# Each way of using a page once; shorter journeys go by mouse, with scripts.
WAYS = [
    pytest.param({"keyboard": True, "scripts": True, "width": 360}, id="keyboard-scripts-narrow"),
    pytest.param({"keyboard": False, "scripts": False, "width": 1280}, id="mouse-no-scripts-wide"),
]


@contextmanager
def chromium():
    """A browser; a missing one skips the test, which fails in CI."""
    if not CHROMIUM.exists():
        pytest.skip("needs Chromium (Debian: chromium-headless-shell)")
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*ARGUMENTS, *sandbox])
        yield browser
        browser.close()


class Visitor:
    """Somebody at a browser of their own, perhaps signed in; whatever goes wrong on their pages is kept."""

    def __init__(self, browser: Browser, origin: str, *, session: str = "", width=1280, scripts=True, keyboard=False):
        self.context = browser.new_context(
            base_url=origin, viewport={"width": width, "height": 800}, java_script_enabled=scripts, locale="fr-FR"
        )
        if session:
            self.context.add_cookies([{"name": "session", "value": session, "url": origin}])
        self.page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE * 1000)
        self.hand = Keyboard(self.page) if keyboard else Mouse(self.page)
        self.problems: list[str] = []
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on("console", lambda message: message.type == "error" and self._note(message.text))
        self.page.on("request", lambda request: self._look_at(request.url, origin))

    def _note(self, text: str) -> None:
        # Chromium complains of a form that comes back with its mistakes.
        if "status of 422" not in text:
            self.problems.append(text)

    def _look_at(self, url: str, origin: str) -> None:
        if not url.startswith((origin, "data:")):
            self.problems.append(f"a third party: {url}")

    def open(self, path: str) -> None:
        answer = self.page.goto(path)
        assert answer
        assert answer.ok, f"{path} answered {answer.status}"
        self.check()

    def press(self, what: str) -> None:
        """Press the visible link or button that a selector names, and look at the page it leads to."""
        with self.page.expect_navigation():
            self.hand.press(self.find(what))
        self.check()

    def fill(self, **texts: str) -> None:
        for name, text in texts.items():
            self.hand.fill(self.find(f"[name={name}]"), text)

    def tick(self, *names: str) -> None:
        for name in names:
            self.hand.tick(self.find(f"[name={name}]"))

    def tick_off(self, *names: str) -> None:
        for name in names:
            self.hand.tick(self.find(f"[name={name}]"), on=False)

    def choose(self, **choices: str) -> None:
        for name, label in choices.items():
            self.hand.choose(self.find(f"[name={name}]"), label)

    def find(self, what: str) -> Locator:
        return self.page.locator(f"{what}:visible").first

    def is_at(self, path: str) -> bool:
        return re.search(path, urlsplit(self.page.url).path) is not None

    def check(self) -> None:
        """Nothing went wrong, and the page is as wide as the screen."""
        assert self.problems == [], self.page.url
        wide, screen = self.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert wide <= screen, f"{self.page.url} is {wide} pixels wide on a screen of {screen}"
        assert self.page.locator("h1").count() == 1

    def leave(self) -> None:
        self.context.close()


class Mouse:
    def __init__(self, page: Page):
        self.page = page

    def press(self, target: Locator) -> None:
        target.click()

    def fill(self, target: Locator, text: str) -> None:
        target.fill(text)

    def tick(self, target: Locator, *, on=True) -> None:
        # People press the words beside a box.
        self.page.locator(f"label[for={target.get_attribute('id')}]").click()
        assert target.is_checked() is on

    def choose(self, target: Locator, label: str) -> None:
        target.select_option(label=label)


class Keyboard:
    """Tab, Enter, Space, arrows and letters; what has the focus must be seen to have it."""

    def __init__(self, page: Page):
        self.page = page

    def press(self, target: Locator) -> None:
        self.reach(target)
        self.page.keyboard.press("Enter")

    def fill(self, target: Locator, text: str) -> None:
        self.reach(target)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)

    def tick(self, target: Locator, *, on=True) -> None:
        self.reach(target)
        self.page.keyboard.press("Space")
        assert target.is_checked() is on

    def choose(self, target: Locator, label: str) -> None:
        self.reach(target)
        for _ in range(target.locator("option").count()):
            if target.evaluate("element => element.selectedOptions[0].text") == label:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"no choice “{label}”")

    def reach(self, target: Locator) -> None:
        for _ in range(MOST_STOPS):
            if target.evaluate("element => element === document.activeElement"):
                return self.see(target)
            self.page.keyboard.press("Tab")
        raise AssertionError(f"the Tab key does not reach {target}")

    def see(self, target: Locator) -> None:
        """The focus shows: an outline or a ring, inside the screen and covered by nothing."""
        ring = target.evaluate(
            """element => {
                const style = getComputedStyle(element);
                const outline = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
                return outline || style.boxShadow !== "none";
            }"""
        )
        assert ring, f"the focus on {target} is not seen"
        box, screen = target.bounding_box(), self.page.viewport_size
        assert box
        assert screen
        assert 0 <= box["y"] + box["height"] / 2 <= screen["height"], f"the focus on {target} is off the screen"
