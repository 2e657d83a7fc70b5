"""The player in Chromium: nothing is loaded before play, hls.js plays, and closed doors take what it holds."""

import os

import pytest
from playwright.sync_api import expect

from tests.browser import Visitor, chromium
from tests.livestream import filming
from tests.product import PATIENCE, running, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("video")]
# As most browsers on computers, which leave it to a script.
CANNOT = "HTMLMediaElement.prototype.canPlayType = () => '';"


@pytest.fixture(scope="module")
def product(new_database, tmp_path_factory):
    if not filming.is_possible():
        if os.environ.get("CI"):
            pytest.fail("ffmpeg is missing")
        pytest.skip("needs ffmpeg")
    with new_database("player") as address, running(address, tmp_path_factory.mktemp("player")) as product:
        yield product


@pytest.fixture
def visitor(product):
    with chromium() as browser:
        visitor = Visitor(browser, product.origin, width=360)
        visitor.page.add_init_script(CANNOT)
        yield visitor
        visitor.leave()


def test_a_session_is_watched_and_closed_doors_take_the_picture(product, visitor):
    filmed = product.stage("filmed", 12)
    asked: list[str] = []
    visitor.page.on("request", lambda request: asked.append(request.url))
    visitor.open(filmed["address"])
    note = visitor.page.locator("[data-note]")
    # But for a still, nothing of the picture, and no player.
    assert [url.rsplit("/", 1)[1] for url in asked if "/video/" in url or "vendor" in url] == ["thumbnail.jpg"]

    def is_playing():
        return visitor.page.locator("video").evaluate("video => !video.paused && video.currentTime > 0.3")

    visitor.page.get_by_role("button", name="Regarder en direct").click()
    wait_until(is_playing, "it plays")
    # For comments, which speak of what is seen while they are written.
    assert int(visitor.page.locator("[data-behind]").get_attribute("data-behind")) < 13
    product.stage("doors", filmed["pk"], "close_doors")
    expect(note).to_contain_text("reviendront d’eux-mêmes")
    assert visitor.page.locator("video").evaluate("video => video.buffered.length + video.readyState") == 0
    product.stage("doors", filmed["pk"], "resume")
    wait_until(is_playing, "it goes on by itself")
    expect(note).to_be_empty()
    visitor.check()
    visitor.page.get_by_role("button", name="Écouter sans l’image").click()
    wait_until(lambda: any(url.endswith("audio.m3u8") for url in asked) and is_playing(), "the sound alone")
    visitor.check()


def test_what_is_cut_is_passed_over_and_an_encoder_that_drops_comes_back_into_the_same_page(product, visitor):
    filmed = product.stage("filmed", 12)
    visitor.open(filmed["address"])
    note = visitor.page.locator("[data-note]")

    def is_after(seconds):
        return visitor.page.locator("video").evaluate("(video, at) => !video.paused && video.currentTime > at", seconds)

    visitor.page.get_by_role("button", name="Regarder en direct").click()
    wait_until(lambda: is_after(0.3), "it plays")
    product.stage("cut", filmed["pk"], 5, 6)
    wait_until(lambda: is_after(8.5), "it goes on after the gap")
    # The line of the encoder broke: the page says so, and waits.
    expect(note).to_have_text(note.get_attribute("data-away"), timeout=PATIENCE * 1000)
    product.stage("film_again", filmed["pk"], 8)
    wait_until(lambda: is_after(12.5), "the picture is back")
    expect(note).to_be_empty()
    visitor.check()
