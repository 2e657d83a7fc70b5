"""Glued words and starred letters are found; innocent French words are not, whatever they hold."""

import pytest

from civic.moderation.models import Term
from civic.moderation.screening.verdicts import find
from civic.moderation.screening.words import Wordlist

TERMS = ["con", "conne", "cons", "connard*", "encul*", "pute", "putes", "salope*", "merde", "pd", "ntm", "abruti*"]
LIST = Wordlist(enumerate(TERMS))

# Words that hold a term, look like one with a star, or end where one begins.
INNOCENT = """
balcon flocon façon second seconde secondaire concombre conseil conseiller connaissance connecter connexion consigne
consommer construire contact content conte contre convenir conviction Conflans faucon falcon garçonnet maçon leçon
rançon soupçon glaçon hameçon poinçon tronçon charançon colimaçon étançon limaçon caparaçon saleté salerons
dispute
réputé amputé imputer computer députée disputes Putanges putois puterie-là reconstruire déconfiner inconnu méconnu
reconnu recueil accueil cul-de-sac recul calcul calculatrice véhicule particule ridicule spéculer inculper basculer
petite-fille grossiste grossesse petitement pauvrement vieillesse vieuxport quelconque quelquun bandede mouvementé
commerce Merdrignac pdf update abruptement abri autrui auteur·rice habitant·es
""".split()  # noqa: SIM905


def found(text):
    return {TERMS[hit.term] for hit in LIST.find(text)}


@pytest.mark.parametrize(
    ("written", "term"),
    [
        ("salecon", "con"),
        ("SaleCon", "con"),
        ("groscon", "con"),
        ("pauvreconne", "conne"),
        ("especedeconnard", "connard*"),
        ("saleconnardes", "connard*"),
        ("petitepute", "pute"),
        ("conpute", "pute"),
        ("s*l*pe", "salope*"),
        ("s*l*p", "salope*"),
        ("sal*pes", "salope*"),
        ("c*n", "con"),
        ("conn*rd", "connard*"),
        ("c*nn*rd", "connard*"),
        ("c0nn*rd", "connard*"),
        ("p**e", "pute"),
        ("m#rde", "merde"),
        ("conn***", "connard*"),
        ("encul*s", "encul*"),
        ("c0nnard", "connard*"),
        ("connaaaard", "connard*"),
        ("saaaalope", "salope*"),
    ],
)
def test_a_disguise_is_seen_through(written, term):
    (hit,) = [hit for hit in LIST.find(f"Vous êtes un {written}.") if TERMS[hit.term] == term]
    assert (hit.start, hit.end) == (13, 13 + len(written))


@pytest.mark.parametrize("word", INNOCENT)
def test_an_innocent_word_is_left_alone(word):
    assert not found(f"Le mot {word}, et rien d’autre.")


@pytest.mark.parametrize(
    "text",
    [
        "**très** bien, et *vraiment* utile",
        "- un * deux\n- trois # quatre",
        "les habitant*es et auteur*rices",
        "5*3 = 15, le n*12 et la rue*",
        "a*b*c",
        "#consultation #mobilité",
        "p*re, m*re et fr*re",
    ],
)
def test_stars_for_other_ends_are_left_alone(text):
    assert not found(text)


def test_cost_grows_with_the_text_alone():
    # A pattern that could be tried in many ways would not come back.
    assert LIST.find("con" * 20_000) == []
    assert LIST.find("c*" * 20_000) == []
    assert not found("sale" * 9)


@pytest.mark.django_db
def test_the_city_s_own_list_sees_them_too():
    terms = list(Term.objects.in_use())
    assert {term.pattern for term, _hit in find("Quel salecon, ces conn*rds.", terms)} == {"con", "connard*"}
