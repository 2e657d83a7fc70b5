"""Ways through consultations for `./run pictures`: as everyone reads them, as one votes, and from the clerks' desk."""

from devtools.walk import Walk


def clerk(walk: Walk) -> None:
    """The clerks' desk of consultations: a draft from its title to its preview, and a vote that waits for its count."""
    walk.be("Colette")
    walk.shoot("account-clerk")
    walk.go("/consultations/bureau/", "desk-consultations")
    walk.go("/consultations/bureau/nouvelle/", "desk-new")
    walk.page.fill("[name=title]", "Que planter sur la place des Cinq-Fontaines ?")
    walk.send()
    walk.shoot("desk-text")
    draft = walk.page.url.removesuffix("texte/")
    for part in (
        "facile",
        "dates",
        "participants",
        "secret",
        "questions/nouvelle",
        "documents",
        "scrutateurs",
        "apercu",
    ):
        walk.page.goto(f"{draft}{part}/")
        walk.shoot(f"desk-{part.partition('/')[0]}")
    walk.page.goto(draft)
    walk.shoot("desk-draft")
    for told in consultations(walk):
        if told["state"] == "closed":
            walk.go(f"/consultations/bureau/{told['id']}/", "desk-closed")
            walk.go(f"/consultations/bureau/{told['id']}/depouillement/", "desk-count")


def voter(walk: Walk) -> None:
    """The way through each vote that is open, blank, up to where it would be sent."""
    walk.be("Bruno")
    for told in consultations(walk):
        if told["state"] == "voting":
            walk.go(f"/consultations/{told['id']}/participer/", f"vote-{told['secrecy']}")
            for box in walk.page.locator("main form [type=checkbox]").all():
                box.check()
            vote_blank(walk, f"vote-{told['secrecy']}")


def vote_blank(walk: Walk, name: str) -> None:
    onward = ".actions button[value=next]"
    for number in range(1, 20):
        # A page of the way takes the place of the one before, without leaving it.
        with walk.page.expect_navigation():
            walk.page.locator(onward).click()
        if walk.page.locator("button[value=send]").count():
            return walk.shoot(f"{name}-review")
        walk.shoot(f"{name}-{number}")
        blank = walk.page.locator("label[for$=_blank]")
        if blank.count():
            blank.click()
        onward = ".actions button[value=next]" if blank.count() else ".actions button[value=blank]"
    return None


def consulted(walk: Walk) -> None:
    """Consultations at each stage, and results by each rule of counting that the demo has."""
    walk.go("/consultations/", "consultations")
    for told in consultations(walk):
        name = "imported" if told["source"] else f"{told['state']}-{told['secrecy']}"
        walk.page.goto(told["url"])
        walk.shoot(f"consultation-{name}")
        if told["results"]:
            walk.page.goto(told["results"])
            walk.shoot(f"result-{name}")
            steps = walk.page.locator("a[href$='/etapes/']")
            if steps.count():
                steps.first.click()
                walk.shoot(f"result-{name}-steps")
    walk.go("/demo/cles/", "scrutineers-keys")


def consultations(walk: Walk) -> list[dict]:
    """As programs read them, from a page of the same site."""
    found: dict = walk.page.evaluate("fetch('/consultations.json').then(answer => answer.json())")
    return list(found["consultations"])
