"""Words of the list, however they are written, and never inside another word."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.moderation.screening.letters import READINGS, fold, pieces
from civic.moderation.screening.lookalikes import LOOKALIKES
from civic.moderation.screening.words import Wordlist

TERMS = ["con", "connard*", "sale race", "encul*", "pute", "merde", "bite", "salope", "gros sac", "imbécile"]
LIST = Wordlist(enumerate(TERMS))


def found(text):
    return {(TERMS[hit.term], text[hit.start : hit.end]) for hit in LIST.find(text)}


@pytest.mark.parametrize(
    ("text", "term", "written"),
    [
        ("Quel con !", "con", "con"),
        ("QUEL CON", "con", "CON"),
        ("c o n", "con", "c o n"),
        ("C.O.N.", "con", "C.O.N"),
        ("c-o_n", "con", "c-o_n"),
        ("ccc ooo nnn", "con", "ccc ooo nnn"),
        ("connnnard", "connard*", "connnnard"),
        ("c o n n a r d", "connard*", "c o n n a r d"),
        ("con.nards", "connard*", "con.nards"),
        ("les connardes", "connard*", "connardes"),
        ("c\no\nn", "con", "c\no\nn"),
        ("c\u200bo\u00adn", "con", "c\u200bo\u00adn"),
        ("сon", "con", "сon"),
        ("СОNNАRD", "connard*", "СОNNАRD"),
        ("ｃｏｎ", "con", "ｃｏｎ"),
        ("𝕔𝓸𝐧", "con", "𝕔𝓸𝐧"),
        ("ⓒⓞⓝ", "con", "ⓒⓞⓝ"),
        ("🇨🇴🇳", "con", "🇨🇴🇳"),
        ("cøñ", "con", "cøñ"),
        ("c̶o̶n̶", "con", "c̶o̶n̶"),
        ("c0nn4rd", "connard*", "c0nn4rd"),
        ("c0nn@rd!", "connard*", "c0nn@rd"),
        ("b!te", "bite", "b!te"),
        ("sa1ope", "salope", "sa1ope"),
        ("saIope", "salope", "saIope"),
        ("$alope", "salope", "$alope"),
        ("sale  RACE", "sale race", "sale  RACE"),
        ("sale-race", "sale race", "sale-race"),
        ("un grossac", "gros sac", "grossac"),
        ("imbecile", "imbécile", "imbecile"),
        ("IMBE\u0301CILE", "imbécile", "IMBE\u0301CILE"),
        ("il y a c o n là", "con", "c o n"),
        ("t'es con!dehors", "con", "con"),
        ("con·ne·s", "con", "con"),
        ("50€ con", "con", "con"),
        ("b c.o.n b", "con", "c.o.n"),
        ("c.o.n.n.a.r.d a tout pris", "connard*", "c.o.n.n.a.r.d"),
    ],
)
def test_a_term_is_found_at_its_place_however_it_is_written(text, term, written):
    assert (term, written) in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "concombre",
        "c o n c o m b r e",
        "c.o.n.c.o.m.b.r.e",
        "Scunthorpe, Conflans et Condom",
        "j’ai pu te voir",
        "la mer de Chine",
        "une salle raccourcie",
        "la salle race",  # « salle » is not « sale »
        "une disputé",
        "habiter",
        "bi te",
        "c’on",
        "C'est 0 fois 1",
        "5 0 2 rue 8173",
        "Bacon, sac on",
        "",
        "!!!",
    ],
)
def test_no_term_is_found_inside_other_words(text):
    assert found(text) == set()


def test_a_star_that_is_too_short_finds_too_much_and_that_is_staffs_to_see():
    assert Wordlist([(1, "con*")]).find("concombre")


def test_an_empty_list_finds_nothing():
    assert Wordlist([]).find("con") == []
    assert Wordlist([(1, "!!"), (2, "*")]).find("con !! *") == []


def test_a_term_counts_once_in_one_place():
    assert [(hit.start, hit.end) for hit in LIST.find("con con") if TERMS[hit.term] == "con"] == [(0, 3), (4, 7)]


@pytest.mark.parametrize("text", ["c o n c " * 800, "c." * 3000, "1 " * 3000, "a" * 6000, "c.o" * 2000, "!1|" * 2000])
def test_no_text_costs_more_than_its_length(text, monkeypatch):
    """Steps are counted, not seconds: at most some per piece, whatever is repeated."""
    steps = 0
    entries = Wordlist._entries

    def counting(self, *args, **kwargs):
        nonlocal steps
        steps += 1
        return entries(self, *args, **kwargs)

    monkeypatch.setattr(Wordlist, "_entries", counting)
    LIST.find(text)
    assert steps <= 2 * len(READINGS) * len(text)


# --- Properties ---------------------------------------------------------------------------

WORDS = st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=3, max_size=12).filter(lambda w: len(set(w)) > 1)
LEET = {"o": "0", "e": "3", "a": "4@", "s": "5$", "t": "7"}
ACCENTS = "\u0300\u0301\u0308\u0336"


def lookalike(draw, letter):
    strange = [c for c in LOOKALIKES.get(letter, "") if fold(c) == letter]
    return draw(st.sampled_from([letter, letter.upper(), chr(ord(letter) + 0xFEE0), *strange]))


def with_lookalikes(draw, word):
    return "".join(lookalike(draw, letter) for letter in word)


def with_invisibles(draw, word):
    return "\u200b".join(word) if draw(st.booleans()) else "\u00ad\u2060".join(word)


def with_accents(draw, word):
    return "".join(letter + draw(st.sampled_from(ACCENTS)) for letter in word)


def drawn_out(draw, word):
    place = draw(st.integers(0, len(word) - 1))
    return word[:place] + word[place] * draw(st.integers(3, 9)) + word[place + 1 :]


def spelled(draw, word):
    return draw(st.sampled_from([" ", ".", "-", " . ", "*", "_", "🙂", "\n"])).join(word)


def in_digits(draw, word):
    there = [letter for letter in LEET if letter in word and len(set(word)) > 2]
    letter = draw(st.sampled_from(there)) if there else ""
    return word.replace(letter, draw(st.sampled_from(LEET[letter]))) if letter else word


MEANS = (with_lookalikes, with_invisibles, with_accents, drawn_out, spelled, in_digits)


@st.composite
def disguised(draw):
    word = draw(WORDS)
    return word, draw(st.sampled_from(MEANS))(draw, word)


@given(disguised())
def test_a_term_is_found_by_whatever_means_it_is_disguised(pair):
    word, written = pair
    text = f"Avant, {written} ; après."
    (hit, *_others) = Wordlist([(1, word)]).find(text)
    assert text[hit.start : hit.end].startswith(written[0])
    assert hit.end == 7 + len(written)


@given(st.text(max_size=400), st.lists(st.text(min_size=1, max_size=20), max_size=5))
def test_any_text_can_be_looked_at_and_every_hit_lies_in_it(text, patterns):
    for hit in Wordlist(enumerate(patterns)).find(text):
        assert 0 <= hit.start < hit.end <= len(text)


@given(st.text(max_size=400))
def test_pieces_stand_in_their_order_and_each_in_the_text(text):
    for reading in READINGS:
        places = [(piece.start, piece.end) for piece in pieces(text, reading)]
        assert all(start < end <= len(text) for start, end in places)
        assert all(left[1] <= right[0] for left, right in pairwise(places))


@given(st.characters())
def test_what_is_folded_is_small_plain_and_stays_so(character):
    folded = fold(character)
    if folded:
        assert folded == "".join(fold(letter) or "" for letter in folded)
