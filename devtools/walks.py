"""Ways through the demo, each with the pictures that are taken on it."""

import os
import re
from collections.abc import Callable

from devtools.voting_walks import clerk, consulted, voter
from devtools.walk import Walk


def anyone(walk: Walk) -> None:
    """What is read without an account, and the pages of trouble."""
    walk.go("/", "home")
    walk.go("/petitions/", "list")
    walk.go("/petitions/?q=introuvable", "empty")
    walk.go("/petitions/?etat=refusees", "list-refused")
    walk.page.locator("ol.rows a").first.click()
    walk.shoot("petition-refused")
    walk.go("/petitions/?etat=a-venir", "list-scheduled")
    walk.go("/petitions/?etat=closes")
    walk.page.locator("ol.rows a").first.click()
    walk.shoot("petition-closed")
    walk.go("/compte/login/", "sign-in")
    walk.go("/compte/signup/", "sign-up")
    walk.go("/accessibilite/", "accessibility")
    walk.go("/aide/", "help")
    walk.go("/demo/", "demo")
    walk.go("/nulle-part/", "error")


def signer(walk: Walk) -> None:
    """Signing by mail, up to one's own page."""
    walk.go("/petitions/?tri=signatures")
    walk.page.locator("ol.rows a").nth(1).click()
    walk.shoot("petition")
    walk.page.locator("a[href$='/signature/']").first.click()
    walk.shoot("signing")
    walk.send()
    walk.shoot("signing-errors")
    page = walk.page
    page.fill("[name=name]", "Josette Martin")
    page.fill("[name=email]", f"josette-{walk.suffix}-{os.getpid()}@example.org")
    page.fill("[name=postal_code]", "38130")
    page.check("[name=is_old_enough]")
    page.check("[name=consent]")
    walk.send()
    walk.shoot("after-asking")
    walk.go("/demo/courrier/", "mailbox")
    page.locator("main a[href*='/demo/courrier/']").first.click()
    walk.shoot("mail")
    link = re.search(r"/petitions/\d+/signature/lien/[^/\s\"<]+/", page.content())
    if link is None:
        raise SystemExit("the newest mail of the demo holds no link to confirm")
    walk.go(link[0], "confirming")
    walk.send()
    walk.shoot("after-signing")
    walk.go(link[0], "own-signature")


def author(walk: Walk) -> None:
    """The steps of writing."""
    walk.be("Amina")
    walk.go("/petitions/miennes/", "mine")
    walk.go("/petitions/nouvelle/", "writing-title")
    walk.page.fill("[name=title]", "Un abri éclairé pour les bus du soir")
    walk.send()
    walk.shoot("writing-request")
    walk.go("/compte/", "account")


def resident(walk: Walk) -> None:
    """Signing with an account, and what one finds of it."""
    walk.be("Bruno")
    walk.go("/petitions/?tri=echeance")
    walk.page.locator("ol.rows a").first.click()
    walk.page.locator("a[href$='/signature/']").first.click()
    walk.shoot("signing-with-account")
    walk.go("/petitions/signatures/", "signatures")
    walk.go("/compte/", "account-resident")


def debate(walk: Walk) -> None:
    """The debate of a petition, as anyone reads it, and the register of what was decided."""
    walk.go("/petitions/?tri=signatures")
    walk.page.locator("ol.rows a").first.click()
    walk.page.locator("a[href*='/commentaires/debat/'][href*='tri=']").first.click()
    walk.shoot("debate")
    walk.go("/moderation/registre/", "register")
    walk.go("/moderation/comment-ca-marche/", "moderation-how")


def reporter(walk: Walk) -> None:
    """Reporting a text, and what came of one's reports."""
    walk.be("Camille")
    walk.go("/petitions/?tri=signatures")
    walk.page.locator("ol.rows a").first.click()
    walk.page.locator(".comment__report").last.click()
    walk.shoot("report")
    walk.send()
    walk.shoot("report-errors")
    walk.go("/compte/signalements/", "my-reports")


def moderator(walk: Walk) -> None:
    """The desk."""
    walk.be("Mireille")
    walk.go("/moderation/", "moderation")
    walk.go("/moderation/?vue=signales", "moderation-reported")
    walk.go("/moderation/a-part/", "moderation-apart")
    walk.go("/moderation/chiffres/", "moderation-figures")
    walk.go("/moderation/reglages/mots/", "moderation-words")
    walk.go("/moderation/reglages/motifs/", "moderation-reasons")
    walk.go("/moderation/reglages/astreinte/", "moderation-duty")
    lot(walk)
    taken(walk)
    walk.go("/moderation/?vue=recours")
    for number in range(walk.page.locator("[data-row]").count()):
        walk.go("/moderation/?vue=recours")
        walk.page.locator("[data-row] .row__text > a").nth(number).click()
        take = walk.page.locator("form[action$='/prise/'] button")
        if take.count():
            take.click()
        if walk.page.locator("form[action*='/recours/']").count():
            walk.shoot("moderation-appeal")
            break
    leave(walk)


def lot(walk: Walk) -> None:
    """Two of a lot, then all of it undone."""
    walk.go("/moderation/?type=comment")
    for box in walk.page.locator("[data-row] input:not(:disabled)").all()[:2]:
        box.check()
    walk.page.locator("button[name=does][value=accept]").click()
    walk.shoot("moderation-lot")
    undo = walk.page.locator("form[action*='annulation'] button")
    if undo.count():
        undo.click()


def taken(walk: Walk) -> None:
    """A case that one holds; then the same decided in a second window first, and undone."""
    walk.go("/moderation/?type=comment&vue=signales")
    walk.page.locator("[data-row] .row__text > a").first.click()
    take = walk.page.locator("form[action$='/prise/'] button")
    if take.count():
        take.click()
    walk.shoot("moderation-case")
    accept = "button[name=action]:is([value=publish], [value=keep])"
    second = walk.page.context.new_page()
    second.goto(walk.page.url)
    second.locator(accept).click()
    walk.page.locator(accept).click()
    walk.shoot("moderation-conflict")
    second.locator("#told form button").click()
    second.close()
    leave(walk)


def leave(walk: Walk) -> None:
    """Hold no case: the next walk finds it free."""
    release = walk.page.locator("form[action$='/prise/fin/'] button")
    if release.count():
        release.click()


def restricted(walk: Walk) -> None:
    """Bruno writes, Mireille hides it, Bruno reads why and appeals."""
    walk.be("Bruno")
    walk.go("/petitions/?tri=signatures")
    walk.page.locator("ol.rows a").first.click()
    walk.page.locator("a[href$='/reagir/']").first.click()
    walk.shoot("writing-comment")
    walk.page.fill(
        "[name=text]", f"Ceux qui ont pensé ce carrefour sont des incapables ({walk.suffix}, {os.getpid()})."
    )
    for position in walk.page.locator("[name=position]").all()[:1]:
        position.check()
    walk.page.locator(".debate-form button").first.click()
    walk.page.locator("[data-here]").wait_for()
    said = walk.page.locator("[data-here] .comment__by a").get_attribute("href") or ""
    walk.be("Mireille")
    walk.go(said)
    walk.page.locator("[data-here] .comment__report").first.click()
    walk.send()
    walk.page.locator("[name=reason]").nth(4).check()
    walk.page.locator("summary[data-key=s]").click()
    walk.page.locator("[name=warning]").check()
    walk.page.locator("button[name=action]:is([value=hide], [value=refuse])").click()
    leave(walk)
    walk.be("Bruno")
    walk.go(said)
    walk.shoot("comment-hidden")
    walk.go("/compte/decisions/", "my-decisions")
    walk.page.locator("main .row__title a").first.click()
    walk.shoot("statement")
    walk.page.fill("[name=text]", "Je parlais du carrefour, et de personne. Aucun nom n’est cité.")
    walk.page.locator("main form[method=post] button[type=submit]").last.click()
    walk.shoot("statement-appealed")


def council(walk: Walk) -> None:
    """Sessions as everyone reads them, and what one chooses to be told of."""
    walk.go("/seances/", "sessions")
    for name in ("live", "coming", "over"):
        walk.go("/seances/")
        walk.page.locator(f"section[aria-labelledby={name}] h3 a").first.click()
        walk.shoot(f"session-{name}")
    transcript = walk.page.locator("a[href$='/transcription/']")
    if transcript.count():
        transcript.first.click()
        walk.shoot("transcript")
    walk.be("Bruno")
    walk.go("/seances/")
    walk.page.locator("h3 a").first.click()
    walk.page.locator("a[href$='/suivre/']").first.click()
    walk.shoot("session-follow")
    walk.go("/seances/suivre/", "places-follow")


def sitting(walk: Walk) -> None:
    """The clerks' desk of sessions."""
    walk.be("Colette")
    walk.go("/seances/bureau/", "desk-sessions")
    walk.go("/seances/bureau/nouvelle/", "desk-session-new")
    walk.go("/seances/bureau/conseil/", "desk-members")
    walk.go("/seances/bureau/conseil/import/", "desk-members-import")
    walk.go("/seances/bureau/")
    walk.page.locator(".shelf__title").first.click()
    walk.shoot("desk-session")
    own = re.sub(r"[?#].*", "", walk.page.url)[len(walk.base) :]
    for part in ("annonce", "conduite", "presences", "image", "documents", "points/nouveau", "points/import"):
        walk.go(f"{own}{part}/", f"desk-session-{part.replace('/', '-')}")
    walk.go(own)
    walk.page.locator("a[href*='/points/']:not([href*='nouveau']):not([href*='import'])").nth(5).click()
    walk.shoot("desk-session-item")
    walk.go(re.sub(r"[?#].*", "", walk.page.url)[len(walk.base) :] + "vote/", "desk-session-vote")
    walk.page.locator("a[href*='maniere=hands']").first.click()
    walk.shoot("desk-session-hands")


WALKS: tuple[Callable[[Walk], None], ...] = (
    anyone, signer, author, resident, clerk, voter, debate, reporter, moderator, restricted, consulted, council,
    sitting,
)  # fmt: skip
