"""What a correction changed is marked word by word, and the text is shown as text."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from consultations.models import Option
from consultations.versions import changes, marked


@pytest.fixture
def published(draft, colette):
    draft.description = "Le marché a **soixante étals**.\n\n- de 6 h à 13 h\n- le dimanche\n\nLa fin."
    draft.save()
    draft.publish(colette, at=timezone.now())
    return draft


def read(consultation, query=""):
    response = Client().get(reverse("consultations:versions", args=[consultation.pk]) + query)
    assert response.status_code == 200
    return response.content.decode()


def written(paragraphs):
    """Pieces on one line, as [-taken out-] and {+added+}."""
    signs = {"": "{}", "del": "[-{}-]", "ins": "{{+{}+}}"}
    return [" ".join(signs[piece.mark].format(piece.text) for piece in paragraph) for paragraph in paragraphs]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (["un deux trois"], ["un deux trois"], []),
        (["un deux trois"], ["un 2 trois"], ["un [-deux-] {+2+} trois"]),
        (["A b.", "C d.", "E f."], ["A b.", "C x d.", "E f."], ["C {+x+} d."]),
        (["A.", "C."], ["A.", "B b.", "C."], ["{+B b.+}"]),
        (["A.", "B b.", "C."], ["A.", "C."], ["[-B b.-]"]),
        ([], ["A b."], ["{+A b.+}"]),
        (["12\u00a0000\u00a0€"], ["120\u00a0000\u00a0€"], ["[-12\u00a0000\u00a0€-] {+120\u00a0000\u00a0€+}"]),
    ],
)
def test_words_that_changed_are_marked_and_paragraphs_that_stayed_left_out(before, after, expected):
    assert written(marked(before, after)) == expected


def test_the_page_shows_text_and_no_signs_of_markdown(published, colette):
    text = published.description.replace("soixante", "quarante").replace("13 h", "14 h")
    published.correct(colette, explanation="Erreur de plume.", at=timezone.now(), description=text)
    page = read(published)
    assert "**" not in page
    assert "<strong>quarante étals</strong>" in page
    assert re.search(r"<del>.*?soixante.*?</del> <ins>.*?quarante.*?</ins>", page)
    assert re.search(r"– de 6 h à <del>.*?13.*?</del> <ins>.*?14.*?</ins> h", page)
    assert "Retiré" in page
    assert "Ajouté" in page
    assert "le dimanche" not in page.partition('id="v1"')[0]


def test_the_newest_text_is_shown_as_a_whole_and_any_other_on_demand(published, colette):
    published.correct(colette, explanation="Plus clair.", at=timezone.now(), title="Le nom du grand parc")
    queries = ("", "?version=1", "?version=x")
    newest, first, unknown = (read(published, query).partition('id="text"')[2] for query in queries)
    assert "Le nom du grand parc" in newest
    assert "Le nom du parc" in first
    assert "Le nom du grand parc" not in first
    assert unknown == newest


def test_costs_limits_and_choices_that_changed_are_named(published):
    before = published.versions.get().content
    [question] = before["questions"]
    first, _second = question["options"]
    option = first | {"label": "Parc du sud", "cost": "450"}
    after = before | {"questions": [question | {"kind": "multiple", "maximum": 2, "options": [option]}]}
    with translation.override("fr"):
        found = {change.name: written(change.paragraphs) for change in changes(before, after)}
    assert found["Nombre de choix au plus"] == ["{+2+}"]
    assert "450" in found["Coût de «\xa0Parc du sud\xa0»"][0]
    assert found["Proposition 1"] == ["Parc [-des Essarts-] {+du sud+}"]
    assert found["Proposition 2"] == ["[-Parc du Drac-]"]
    assert not [name for name in found if "tirage" in name or "tiré" in name]


def test_only_bold_that_changed_is_said_to_be_layout(published):
    before = published.versions.get().content
    [change] = changes(before, before | {"description": before["description"].replace("**", "")})
    assert change.only_form


def test_a_link_that_leads_elsewhere_is_a_change_that_is_seen(published):
    before = published.versions.get().content | {"description": "[Le plan](https://exemple.fr/a)"}
    [change] = changes(before, before | {"description": "[Le plan](https://exemple.fr/b)"})
    assert "https://exemple.fr/b" in written(change.paragraphs)[0]


def test_the_whole_text_has_its_choices_and_the_order_that_was_drawn(published):
    page = read(published)
    for option in Option.objects.all():
        assert page.count(option.label) == 2
