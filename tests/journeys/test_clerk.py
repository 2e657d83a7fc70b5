"""A clerk writes a participatory budget from nothing, on a phone and without scripts; a colleague collides with her."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

PROJECTS = "titre;coût;quartier\nTrois boîtes à livres;2 400;\nUn kiosque à musique;68 000;\n"


@pytest.fixture
def colette(visit):
    return visit("colette", width=360, scripts=False)


@pytest.fixture
def carole(visit):
    return visit("carole")


def moment(days: int) -> str:
    at: datetime = timezone.localtime() + timedelta(days=days)
    return at.strftime("%Y-%m-%dT%H:%M")


def heading(visitor):
    return visitor.page.locator("h1")


def test_a_participatory_budget_from_nothing_to_its_correction(colette, carole):
    colette.open("/consultations/bureau/")
    colette.press(":is(a, button):has-text('Écrire une consultation')")
    colette.fill(title="Un budget pour le quartier")
    colette.press(":is(a, button):has-text('Commencer le brouillon')")
    colette.fill(summary="Quels projets la ville réalise-t-elle ?", description="Cent mille euros, **vos** projets.")
    colette.press("button:has-text('Enregistrer')")
    draft = colette.page.url

    colette.open(f"{draft}dates/")
    colette.fill(vote_opens=moment(2), vote_closes=moment(20))
    colette.press("button:has-text('Enregistrer')")
    colette.open(f"{draft}secret/")
    colette.page.check("[name=secrecy][value=confidential]")
    colette.press("button:has-text('Enregistrer')")

    colette.open(f"{draft}questions/nouvelle/")
    colette.fill(text="Quels projets voulez-vous ?", total_cost="100 000")
    colette.page.check("[name=way][value=shares]")
    colette.press(":is(a, button):has-text('Enregistrer et écrire les choix')")
    colette.press(":is(a, button):has-text('Ajouter un projet')")
    colette.fill(label="Des arbres sur la place", cost="42 000")
    colette.press("button:text-is('Enregistrer')")
    colette.press(":is(a, button):has-text('En ajouter plusieurs depuis un tableur')")
    colette.fill(pasted=PROJECTS)
    colette.press(":is(a, button):has-text('Lire ces lignes')")
    colette.press(":is(a, button):has-text('Ajouter ces 2 choix')")
    expect(colette.page.locator("tbody tr")).to_have_count(3)

    collide(colette, carole, draft)

    colette.open(f"{draft}apercu/")
    expect(heading(colette)).to_contain_text("Un budget pour le quartier")
    colette.press(":is(a, button):has-text('Essayer le bulletin')")
    colette.open(f"{draft}publication/")
    colette.tick("is_sure")
    colette.press("button:has-text('Publier cette consultation')")
    colette.open(f"{draft}correction/")
    colette.fill(summary="Quels projets la ville doit-elle réaliser ?", explanation="Une phrase plus claire.")
    colette.press(":is(a, button):has-text('Publier cette correction')")
    colette.open(f"{draft}report/")
    colette.page.select_option("[name=phase]", label="Vote")
    colette.fill(closes_at=moment(25), reason="Une panne a fermé le site une journée.")
    colette.press(":is(a, button):has-text('Publier la nouvelle date')")
    expect(colette.page.locator("main")).to_contain_text("La nouvelle date est publique")


def collide(colette, carole, draft: str) -> None:
    """Carole keeps the text that Colette has before her; Colette sees both and decides."""
    colette.open(f"{draft}texte/")
    carole.open(f"{draft}texte/")
    carole.fill(summary="De Carole.")
    carole.press("button:has-text('Enregistrer')")
    colette.fill(summary="De Colette.")
    with colette.page.expect_navigation() as answer:
        colette.page.click("button:has-text('Enregistrer')")
    assert answer.value.status == 409
    colette.problems.clear()  # Chromium complains of the status
    expect(colette.page.locator("main")).to_contain_text("De Carole.")
    expect(colette.page.locator("[name=summary]")).to_have_value("De Colette.")
    colette.press("button:has-text('Enregistrer le mien')")


def test_a_residence_is_verified_at_the_counter(colette):
    colette.open("/consultations/bureau/residences/")
    colette.fill(email="bruno@example.org")
    colette.page.check("[name=reason][value=at_counter]")
    colette.press(":is(a, button):has-text('Trouver ce compte')")
    expect(heading(colette)).to_have_text("Bruno Ferrero")
    colette.fill(name="Bruno Ferrero", birth_date="02/01/1980", postal_code="38130")
    colette.tick("has_seen")
    colette.press(":is(a, button):has-text('Vérifier cette résidence')")
    expect(colette.page.locator("main")).to_contain_text("La résidence de Bruno Ferrero est vérifiée")
