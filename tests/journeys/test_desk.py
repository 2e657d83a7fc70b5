"""Moderators at their desk: by keyboard alone, and two of them side by side."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

CASES = 60
DECIDED = "SELECT count(*) FROM moderation_decision WHERE undone_at IS NULL"


@pytest.fixture(scope="module")
def cases(product, cast):
    return product.stage("cases", str(CASES))["cases"]


@pytest.fixture
def mireille(visit, cases):
    visitor = visit("mireille")
    visitor.open("/moderation/")
    return visitor


def decided(product) -> int:
    [[number]] = product.query(DECIDED)
    return number


def press(visitor, key: str) -> None:
    """A key that leads to another page."""
    with visitor.page.expect_navigation():
        visitor.page.keyboard.press(key)


def actions(visitor) -> set[str]:
    return set(visitor.page.locator("[name=action]").evaluate_all("all => all.map(each => each.value)"))


def decide(visitor, turn: int) -> int:
    """Decide the case that is shown; every third one restricts. Returns how many keys it took."""
    offered = actions(visitor)
    if turn % 3:
        press(visitor, "p")
        return 1
    visitor.page.keyboard.press("r" if "refuse" in offered else "h")
    press(visitor, "5")
    return 2


def test_fifty_mixed_cases_are_decided_by_keyboard(mireille, product):
    """With at most three keys each; the focus lies on the next case's heading each time."""
    before = decided(product)
    press(mireille, "n")
    kinds = set()
    for turn in range(50):
        kinds |= actions(mireille)
        assert decide(mireille, turn) <= 3
        expect(mireille.page.locator("h1")).to_be_focused()
        expect(mireille.page.locator("#told")).to_be_visible()
        mireille.check()
    assert decided(product) - before == 50
    assert kinds >= {"publish", "refuse", "keep", "hide"}
    press(mireille, "u")
    assert decided(product) - before == 49


def test_keys_can_be_switched_off_and_leave_fields_alone(mireille, product):
    before = decided(product)
    page = mireille.page
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.locator("[data-keys-on]").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    page.reload()
    assert mireille.is_at("^/moderation/$"), "the key did nothing"
    page.locator("[data-opens]").click()
    page.locator("[data-keys-on]").check()
    page.keyboard.press("Escape")
    press(mireille, "n")
    page.keyboard.press("c")
    expect(page.locator("[name=text]")).to_be_focused()
    page.keyboard.type("pruh?")
    assert page.locator("[name=text]").input_value() == "pruh?"
    assert decided(product) == before


def test_rows_are_walked_and_chosen(mireille):
    page = mireille.page
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(page.locator("[data-row] a").first).to_be_focused()
    page.keyboard.press("x")
    expect(page.locator("[data-row] :checked")).to_have_count(1)
    expect(page.locator("[data-chosen]")).to_have_text("1 dossier choisi")


def test_two_side_by_side(visit, product, cases, mireille):
    """The lease is seen, nothing moves, what a colleague decided greys, and a conflict says who was quicker."""
    malik = visit("malik")
    malik.open("/moderation/")
    order = malik.page.locator("[data-row] .row__text > a").evaluate_all("all => all.map(each => each.href)")
    # Where none of those cases is listed: that they change hands makes none of them new.
    appeals = visit("malik")
    appeals.open("/moderation/?vue=recours")
    press(mireille, "n")
    pk = int(mireille.page.url.split("/")[-2])
    row = malik.page.locator("[data-row]", has=malik.page.locator(f"#case-{pk}"))
    expect(row).to_contain_text("Mireille Aubert")
    malik.open(f"/moderation/{pk}/")
    expect(malik.page.locator(".decision")).to_contain_text("Mireille Aubert")
    assert actions(malik) == set()
    malik.open("/moderation/")
    press(mireille, "p")
    expect(row).to_have_class("row row--over")
    expect(row).to_contain_text("Mireille Aubert")
    links = malik.page.locator("[data-row] .row__text > a")
    assert links.evaluate_all("all => all.map(each => each.href)") == order
    # What is new is counted on a button, and moves nothing.
    product.stage("cases", "1")
    expect(malik.page.locator("[data-fresh]")).to_be_visible()
    expect(appeals.page.locator("[data-fresh]")).to_contain_text("1 nouveau dossier")
    assert links.evaluate_all("all => all.map(each => each.href)") == order
    malik.check()


def test_a_dead_tab_frees_its_case_and_who_comes_late_learns_who_decided(visit, product, cases, mireille):
    malik = visit("malik")
    press(mireille, "n")
    pk = int(mireille.page.url.split("?")[0].split("/")[-2])
    product.query("UPDATE moderation_case SET claimed_until = now() WHERE id = %s RETURNING id", pk)
    malik.open(f"/moderation/{pk}/")
    press(malik, "t")
    press(malik, "p")
    press(mireille, "p")
    expect(mireille.page.locator("h1")).to_have_text("Ce dossier est décidé")
    expect(mireille.page.locator("main")).to_contain_text("Malik Saïdi")
