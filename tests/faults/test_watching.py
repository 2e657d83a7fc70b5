"""A session is watched while what is behind the page is killed, one after the other: nothing is lost or told twice."""

import json
import signal
import subprocess
import sys
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from devtools.lifeline import die_with_parent
from tests.browser import Visitor, chromium
from tests.faults.test_signing import kill
from tests.product import PATIENCE, ROOT, wait_until
from tests.realtime.servers import redis_server

pytestmark = [pytest.mark.browser, pytest.mark.redis, pytest.mark.xdist_group("faults")]
MILLISECONDS = PATIENCE * 1000

# What the page was told, in which order; and no luck, so that it comes back as soon as it may.
RECORDER = """
    window.told = [];
    document.addEventListener("live", ({ detail }) => window.told.push(detail.seq));
    Math.random = () => 0;
"""


@pytest.fixture
def redis(product):
    """Has the product woken by a Redis; as before afterwards."""
    with redis_server() as redis:
        restart(product, redis.url)
        yield redis
    restart(product, "")


def restart(product, redis_url):
    product.kill_server()
    product.kill_worker()
    product.environment["REDIS_URL"] = redis_url
    product.start()


class Clerk:
    """Somebody at the desk who goes on from item to item, and insists."""

    def __init__(self, process: subprocess.Popen):
        self.process = process
        self.sitting = json.loads(process.stdout.readline())
        self.acknowledged: list[str] = []

    def press(self) -> None:
        print("next", file=self.process.stdin, flush=True)

    def heard(self) -> str:
        """The item that is now recorded as the current one."""
        self.acknowledged.append(self.process.stdout.readline().strip())
        assert self.acknowledged[-1], "the clerk's process ended"
        return self.acknowledged[-1]

    def go_on(self) -> str:
        self.press()
        return self.heard()


@pytest.fixture
def clerk(product, redis):
    command = [sys.executable, "-m", "tests.faults.council_scene"]
    process = subprocess.Popen(
        command, cwd=ROOT, env=product.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        preexec_fn=die_with_parent(signal.SIGKILL),
    )  # fmt: skip
    try:
        yield Clerk(process)
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def page(product, clerk):
    with chromium() as browser:
        visitor = Visitor(browser, product.origin, width=360)
        visitor.page.add_init_script(RECORDER)
        visitor.open(clerk.sitting["address"])
        visitor.page.evaluate("window.isStillThere = true")
        yield visitor.page


def test_whatever_is_killed_the_page_goes_on_by_itself(product, postgres, redis, clerk, page):
    lost = page.locator("[data-unreached]")

    def shows(item):
        """The page does, and who follows the item has a mail."""
        expect(page.locator(".now__item")).to_have_text(f"{item}. Point {item}", timeout=MILLISECONDS)
        wait_until(lambda: mails(product, clerk) == int(item), "who follows the item is told")

    shows(clerk.go_on())

    product.kill_server()
    product.kill_worker()
    expect(lost).to_be_visible(timeout=MILLISECONDS)
    item = clerk.go_on()
    product.start()
    shows(item)
    expect(lost).to_be_hidden(timeout=MILLISECONDS)

    clerk.press()
    kill(postgres)
    postgres.start()
    shows(clerk.heard())

    redis.stop()
    shows(clerk.go_on())
    redis.start()
    shows(clerk.go_on())

    check(product, clerk, page)


def check(product, clerk, page):
    pk = clerk.sitting["pk"]
    recorded = product.query(
        "SELECT i.number FROM livestream_passage AS p JOIN livestream_item AS i ON i.id = p.item_id"
        " WHERE p.sitting_id = %s ORDER BY p.begins_at",
        pk,
    )
    assert [number for (number,) in recorded] == clerk.acknowledged == ["1", "2", "3", "4", "5"]
    told = page.evaluate("window.told")
    assert told == sorted(set(told)), "nothing was told twice, or out of order"
    # The debate alone waits for its reader to go along.
    page.locator("[data-offer] a").click()
    with other_page(page) as fresh:
        expect(page.locator("article")).to_have_text(fresh.locator("article").inner_text(), use_inner_text=True)
    assert page.evaluate("window.isStillThere"), "it was loaded again"


@contextmanager
def other_page(page):
    fresh = page.context.new_page()
    fresh.goto(page.url)
    yield fresh
    fresh.close()


def mails(product, clerk) -> int:
    found = product.query(
        'SELECT count(*), count(DISTINCT subject) FROM notifications_outgoingmail WHERE "to" LIKE %s',
        f"%{clerk.sitting['follower']}%",
    )
    [(number, different)] = found
    assert number == different, "a mail was written twice"
    return number
