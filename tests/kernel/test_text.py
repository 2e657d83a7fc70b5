"""What people write: cleaned once and for all, whatever it holds."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from civic.kernel.text import MOST_BRACKETS, clean_text, fold, plain_line, without_control
from tests.gates import inert

ANY_TEXT = st.text()


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("Un mot.", "<p>Un mot.</p>"),
        ("**fort** et *doux*", "<p><strong>fort</strong> et <em>doux</em></p>"),
        ("une ligne\nune autre", "<p>une ligne<br>\nune autre</p>"),
        ("- un\n- deux", "<ul>\n<li>un</li>\n<li>deux</li>\n</ul>"),
        ("> cité", "<blockquote>\n<p>cité</p>\n</blockquote>"),
        (
            "[la ville](https://example.org/)",
            '<p><a href="https://example.org/" rel="nofollow ugc noopener">la ville</a></p>',
        ),
        ("# Un titre", "Un titre"),
    ],
)
def test_markdown_keeps_its_small_part(source, html):
    assert clean_text(source) == html


@pytest.mark.parametrize("source", ["![x](https://evil.example/follow.png)", "<video src=x>", "|a|b|\n|-|-|\n|1|2|"])
def test_nothing_is_loaded_and_nothing_is_drawn(source):
    assert inert.elements(inert.fragment(clean_text(source))) <= {"DOCUMENT_FRAGMENT", "p", "br"}


@given(ANY_TEXT)
@example("<p>\u0000<script>")
@example("[a](&#x6a;avascript:alert(1))")
def test_whatever_is_written_acts_on_nothing(source):
    assert list(inert.dangers(inert.fragment(clean_text(source)))) == []


@pytest.mark.parametrize(
    "bomb", ["[", "![", "[a](", "1. ", "- ", "> ", "> 1. ", "*a", "***a**b*", "<a ", "<![CDATA[", "_"]
)
def test_a_text_made_to_choke_on_is_shown_all_the_same(bomb):
    source = (bomb * 3000)[:3000]
    assert list(inert.dangers(inert.fragment(clean_text(source)))) == []


def test_of_brackets_without_number_none_makes_a_link():
    link = "[a](https://example.org/) "
    assert clean_text(link * MOST_BRACKETS).count("<a ") == MOST_BRACKETS
    many = clean_text(link * (MOST_BRACKETS + 1))
    assert "<a " not in many
    assert many.count("[a](https://example.org/)") == MOST_BRACKETS + 1


@given(ANY_TEXT)
@example("e\u200b\u0301")
def test_invisible_characters_go_and_the_rest_is_composed(source):
    clean = without_control(source)
    assert without_control(clean) == clean
    assert unicodedata.is_normalized("NFC", clean)
    assert not any(unicodedata.category(c) == "Cc" for c in clean if c not in "\t\n")


@pytest.mark.parametrize("forger", ["\u202e", "\u2066", "\u200b", "\u2028", "\u0085", "\r", "\x00", "\ufeff"])
def test_no_character_forges_a_line_or_turns_one_around(forger):
    assert plain_line(f"Bruno{forger} Ferrero") == "Bruno Ferrero"


@given(ANY_TEXT)
def test_a_line_is_one_line(source):
    line = plain_line(source)
    assert plain_line(line) == line
    assert len(line.splitlines()) <= 1
    assert line == line.strip()


def test_the_no_break_spaces_of_french_stay():
    assert plain_line("  Pourquoi\u00a0?  Parce\tque\n") == "Pourquoi\u00a0? Parce que"


@pytest.mark.parametrize(
    ("source", "folded"),
    [
        ("Éloïse", "eloise"),
        ("ÉLOÏSE", "eloise"),
        ("e\u0301lo\u0308ise", "elo ise".replace(" ", "")),
        ("Œuvre, cœur & Lætitia", "oeuvre coeur laetitia"),
        ("L’École – à 100 %", "l ecole a 100"),
        ("Straße", "strasse"),
        ("℡", "tel"),
        ("  ", ""),
    ],
)
def test_folding_forgets_case_accents_and_signs(source, folded):
    assert fold(source) == folded


@given(ANY_TEXT)
@example("ǅ")
def test_folding_twice_is_folding_once(source):
    assert fold(fold(source)) == fold(source)
