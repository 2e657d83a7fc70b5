"""Words are taken out, never put in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.moderation.masking import MARK, is_faithful

TEXT = "Monsieur Durand, du 12 rue Haute, ment. Durand ment toujours."


@pytest.mark.parametrize(
    "masked",
    [
        "Monsieur […], du 12 rue Haute, ment. Durand ment toujours.",
        "Monsieur […], du […], ment. […] ment toujours.",
        "[…] ment toujours.",
        "Monsieur […]",
        "[…]",
        "Monsieur [……]".replace("……", "…"),
        "  Monsieur […] toujours.\r\n",
    ],
)
def test_words_taken_out_are_a_mask(masked):
    assert is_faithful(masked, TEXT)


@pytest.mark.parametrize(
    "masked",
    [
        TEXT,
        "",
        "Monsieur […], du 12 rue Haute, ne ment pas. Durand ment toujours.",
        "Madame […] toujours.",
        "[…] ment toujours. Durand",
        "[…]toujours. […] Monsieur",
        "Monsieur […]Durand, du 12 rue Haute, ment. Durand ment toujours.",
        TEXT + "[…]",
        "[…]" + TEXT,
        "Monsieur […] toujours, toujours.",
    ],
)
def test_anything_else_is_refused(masked):
    assert not is_faithful(masked, TEXT)


def test_lines_are_compared_as_browsers_send_them():
    assert is_faithful("Une ligne\r\n[…]\r\nla fin", "Une ligne\nun nom\nla fin")


def test_pieces_never_share_a_letter():
    assert not is_faithful("aba[…]ba", "aba")
    assert not is_faithful("ab[…]b[…]a", "aba")


def test_a_mark_that_the_author_wrote_is_a_text_like_another():
    assert is_faithful("Il dit […] et […].", "Il dit […] et ment.")
    assert not is_faithful("Il dit […] et ment.", "Il dit et ment.")


@given(st.text(alphabet="ab \n", min_size=1, max_size=12), st.data())
def test_every_cut_is_recognised(text, draw):
    text = text.strip()
    if not text:
        return
    start = draw.draw(st.integers(0, len(text) - 1))
    end = draw.draw(st.integers(start + 1, len(text)))
    masked = text[:start] + MARK + text[end:]
    assert is_faithful(masked, text)


@given(st.text(alphabet="ab", max_size=8), st.lists(st.text(alphabet="ab", max_size=3), min_size=2, max_size=4))
def test_what_is_accepted_can_be_made_by_cutting(text, pieces):
    assert is_faithful(MARK.join(pieces), text) is can_be_cut(text, pieces)


def can_be_cut(text, pieces):
    """The same question, answered by trying every cut."""
    first, *others = pieces
    if not others:
        return text == first
    rest = text[len(first) :]
    return text.startswith(first) and any(can_be_cut(rest[n:], others) for n in range(1, len(rest) + 1))
