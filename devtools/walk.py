"""A visitor of the demo at one size and scheme, for `./run pictures`."""

import re
from pathlib import Path

from playwright.sync_api import Browser, Page

SIZES = {360: 740, 1280: 900}


class Walk:
    """One visitor of the demo, at one size and scheme, who takes pictures on the way."""

    def __init__(self, browser: Browser, base: str, folder: Path, wanted: set[str], width: int, scheme: str):
        self.base, self.folder, self.wanted = base, folder, wanted
        self.width, self.suffix = width, f"{width}-{scheme}"
        context = browser.new_context(
            viewport={"width": width, "height": SIZES[width]},
            color_scheme="dark" if scheme == "dark" else "light",
            locale="fr-FR",
        )
        self.page: Page = context.new_page()

    def go(self, address: str, name: str = "") -> None:
        self.page.goto(self.base + address)
        if name:
            self.shoot(name)

    def shoot(self, name: str) -> None:
        if not self.wanted or name in self.wanted:
            # As tall as the page, so that what keeps to the bottom of a screen hides nothing of it.
            height = self.page.evaluate("document.documentElement.scrollHeight")
            self.page.set_viewport_size({"width": self.width, "height": height})
            self.page.screenshot(path=self.folder / f"{name}-{self.suffix}.png")
            self.page.set_viewport_size({"width": self.width, "height": SIZES[self.width]})

    def send(self) -> None:
        """Press the main button of the page's form."""
        self.page.locator("main form[method=post] button[type=submit]").first.click()
        self.page.wait_for_load_state()

    def be(self, first_name: str) -> None:
        self.go("/demo/")
        self.page.get_by_role("button", name=re.compile(first_name)).click()
        self.page.wait_for_load_state()
