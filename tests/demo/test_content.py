"""What the demo shows: complete, coherent, well typeset, and nobody's real name or address."""

import json
import re
from collections import Counter
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import civic.demo
from civic.kernel.text import clean_text, fold, without_control

CONTENT = Path(civic.demo.__file__).parent / "content"
NO_BREAK = "\u00a0\u202f"
STATES = {
    "open": 24,
    "closed": 6,
    "refused": 3,
    "in_review": 4,
    "scheduled": 2,
    "draft": 2,
    "withdrawn": 2,
    "hidden": 1,
    "archived": 2,
}
PUBLIC = {"open", "closed", "refused", "withdrawn", "archived"}
OPENED = {"open", "closed", "withdrawn", "hidden", "archived"}
CURVES = {"steady", "early_burst", "late_burst", "two_waves"}
SIX_MONTHS = 183


def load(name):
    return json.loads((CONTENT / f"{name}.json").read_text(encoding="utf-8"))


PETITIONS = load("petitions")["petitions"]
BY_KEY = {petition["key"]: petition for petition in PETITIONS}
QUARTERS = load("quarters")["quarters"]
THEMES = load("themes")["themes"]
PEOPLE = load("people")
REASONS = load("reasons")["reasons"]
DEBATES = load("comments")["debates"]
CHARTER = (CONTENT / "charter.md").read_text(encoding="utf-8")

each_petition = pytest.mark.parametrize("petition", PETITIONS, ids=BY_KEY)


def in_state(*states):
    return [petition for petition in PETITIONS if petition["state"] in states]


def texts(value):
    """Every string that a reader can meet, however deep."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return [text for item in value for text in texts(item)]
    return [value] if isinstance(value, str) else []


SOURCES = BY_KEY | {
    "quarters": QUARTERS,
    "themes": THEMES,
    "people": PEOPLE,
    "reasons": REASONS,
    "comments": DEBATES,
    "charter": CHARTER,
}


def test_every_state_has_its_share():
    assert Counter(petition["state"] for petition in PETITIONS) == STATES
    assert len(in_state(*PUBLIC)) >= 36


def test_keys_and_titles_are_unique():
    assert len(BY_KEY) == len(PETITIONS)
    assert len({fold(petition["title"]) for petition in PETITIONS}) == len(PETITIONS)


def test_titles_reach_both_ends_of_what_the_form_takes():
    lengths = [len(petition["title"]) for petition in PETITIONS]
    assert max(lengths) == 80
    assert lengths.count(80) == 2
    assert min(lengths) <= 12
    assert any("«" in petition["title"] and "É" in petition["title"].upper() for petition in PETITIONS)


def test_one_draft_is_half_written():
    assert len([petition for petition in in_state("draft") if not petition["details"]]) == 1


@each_petition
def test_lengths_are_those_of_the_form(petition):
    assert 0 < len(petition["title"]) <= 80
    assert 0 < len(petition["request"]) <= 300
    if petition["details"] or petition["state"] != "draft":
        assert 400 <= len(petition["details"]) <= 2400


@each_petition
def test_references_exist(petition):
    assert petition["theme"] in {theme["slug"] for theme in THEMES}
    assert petition["quarter"] is None or petition["quarter"] in {quarter["slug"] for quarter in QUARTERS}
    assert 0 <= petition["author"] < len(PEOPLE["authors"])
    assert re.fullmatch(r"[a-z0-9-]{1,60}", petition["key"])


@each_petition
def test_dates_agree_with_the_state(petition):
    opened, closes = petition["opened_days_ago"], petition["closes_in_days"]
    state = petition["state"]
    assert (opened is not None) == (state in OPENED)
    if state == "scheduled":
        assert petition["opens_in_days"] + petition["duration_days"] == closes
    elif opened is None:
        assert closes is None
    else:
        assert opened + closes == petition["duration_days"]
        assert (closes < 0) == (state in {"closed", "archived"})
    assert ("created_days_ago" in petition) == (state == "draft")
    assert ("submitted_days_ago" in petition) == (state in {"in_review", "refused", "scheduled"})


def test_a_collection_lasts_six_months_but_for_two():
    durations = Counter(petition["duration_days"] for petition in in_state(*OPENED, "scheduled"))
    assert durations.pop(SIX_MONTHS) == sum(STATES[state] for state in (*OPENED, "scheduled")) - 2
    [suspended] = [petition for petition in PETITIONS if "suspended_days" in petition]
    assert suspended["duration_days"] == SIX_MONTHS + suspended["suspended_days"]
    assert min(durations) < SIX_MONTHS


def test_what_happened_to_a_petition_happened_in_order():
    for petition in in_state("in_review"):
        assert petition["submitted_days_ago"] <= 15
    for petition in in_state("refused"):
        assert 0 <= petition["submitted_days_ago"] - petition["refused_days_ago"] <= 15
    for state in ("withdrawn", "hidden", "archived"):
        for petition in in_state(state):
            assert 0 < petition[f"{state}_days_ago"] < petition["opened_days_ago"]
    for petition in in_state("archived"):
        assert petition["archived_days_ago"] < -petition["closes_in_days"]


def test_some_petitions_are_fresh_and_some_end_soon():
    opened = in_state("open")
    assert len([petition for petition in opened if petition["opened_days_ago"] <= 10]) >= 4
    assert len([petition for petition in opened if petition["closes_in_days"] <= 15]) >= 4
    assert len([petition for petition in opened if 60 <= petition["opened_days_ago"] <= 160]) >= 8


def test_signatures_come_only_where_people_could_sign():
    for petition in PETITIONS:
        could_sign = petition["state"] in OPENED
        assert (petition["target_signatures"] > 0) == could_sign
        assert (petition["curve"] in CURVES) == could_sign


@pytest.mark.parametrize("threshold", [50, 500, 1500])
def test_each_threshold_is_narrowly_missed_and_narrowly_reached(threshold):
    counts = [petition["target_signatures"] for petition in in_state(*OPENED)]
    assert any(threshold * 0.97 <= count < threshold for count in counts)
    assert any(threshold <= count <= threshold * 1.03 for count in counts)


def test_signatures_are_thousands_from_three_to_1640():
    counts = [petition["target_signatures"] for petition in in_state("open")]
    assert (min(counts), max(counts)) == (3, 1640)
    assert sum(counts) >= 5000


def test_refusals_say_why_and_what_to_do():
    codes = {reason["code"] for reason in REASONS}
    for petition in in_state("refused"):
        assert petition["reason"] in codes
        assert petition["suggestion"]
    [duplicate] = [petition for petition in PETITIONS if "duplicate_of" in petition]
    assert duplicate["reason"] == "duplicate"
    assert BY_KEY[duplicate["duplicate_of"]]["state"] == "open"
    [hidden] = in_state("hidden")
    assert hidden["reason"] in codes


@each_petition
def test_details_keep_every_word_when_cleaned(petition):
    html = clean_text(petition["details"])
    shown = fold(unescape(re.sub(r"<[^>]+>", " ", html)))
    written = re.sub(r"\]\([^)]+\)|^\d\. ", " ", petition["details"], flags=re.MULTILINE)
    assert shown == fold(written)
    assert html.count("<li>") == len(re.findall(r"^(?:-|\d\.) ", petition["details"], flags=re.MULTILINE))
    assert "**" not in html


@each_petition
def test_links_say_where_they_lead(petition):
    for words in re.findall(r"\[([^]]+)\]\(", petition["details"]):
        assert len(words.split()) >= 2


def test_debates_are_about_petitions_that_could_be_signed_and_lengths_are_those_of_the_form():
    assert {BY_KEY[debate["petition"]]["state"] for debate in DEBATES} <= OPENED
    assert {petition["key"] for petition in in_state("open")} - {debate["petition"] for debate in DEBATES} <= {
        "salle-de-repetition"
    }
    for debate in DEBATES:
        for comment in debate["comments"]:
            assert comment["position"] in {"for", "against", "neutral"}
            for said in (comment, *comment.get("replies", ())):
                assert 0 < len(said["text"]) <= 2000
                assert ("reason" in said) == (said.get("state") == "hidden")


def test_places_have_unique_slugs_and_ranks():
    assert 9 <= len(QUARTERS) <= 12
    assert sum(quarter["weight"] for quarter in QUARTERS) == 100
    for places in (QUARTERS, THEMES):
        assert [place["rank"] for place in places] == list(range(1, len(places) + 1))
        assert len({place["slug"] for place in places}) == len(places)
        assert all(re.fullmatch(r"[a-z0-9-]{1,40}", place["slug"]) for place in places)
        used = {petition["theme"] for petition in PETITIONS} | {petition["quarter"] for petition in PETITIONS}
        assert {place["slug"] for place in places} <= used


def test_people_are_as_many_as_asked_and_never_twice():
    for names, wanted in (("first_names", 260), ("surnames", 320), ("authors", 12)):
        assert len(PEOPLE[names]) == wanted
        assert len({name if isinstance(name, str) else name["name"] for name in PEOPLE[names]}) == wanted
    assert {petition["author"] for petition in PETITIONS} == set(range(12))
    assert {author["quarter"] for author in PEOPLE["authors"]} <= {quarter["slug"] for quarter in QUARTERS}


def test_most_signers_live_in_the_city():
    codes = {row["code"]: row["weight"] for row in PEOPLE["postal_codes"]}
    assert set(codes) == {"38130", "38100", "38400", "38800", "38320"}
    assert sum(codes.values()) == 100
    assert codes["38130"] >= 80


def test_each_reason_points_at_a_paragraph_of_the_charter():
    assert [reason["rank"] for reason in REASONS] == list(range(1, len(REASONS) + 1))
    for reason in REASONS:
        assert f"**{reason['article']}.**" in CHARTER
        assert len(reason["wording"]) <= 200


def test_the_charter_is_short_and_numbered_without_gaps():
    assert len(CHARTER.split()) <= 900
    articles = re.findall(r"^## Article (\d+)\.", CHARTER, flags=re.MULTILINE)
    assert articles == [str(number) for number in range(1, len(articles) + 1)]
    for article, body in zip(articles, CHARTER.split("\n## ")[1:], strict=True):
        paragraphs = re.findall(r"^\*\*(\d+)\.(\d+)\.\*\*", body, flags=re.MULTILINE)
        assert paragraphs == [(article, str(number)) for number in range(1, len(paragraphs) + 1)]


@pytest.mark.parametrize("text", ["\n".join(texts(source)) for source in SOURCES.values()], ids=SOURCES)
class TestFrenchTypography:
    def test_apostrophes_and_quotes_are_typographic(self, text):
        assert "'" not in text
        assert '"' not in text
        assert "..." not in text

    def test_high_punctuation_follows_a_space_that_cannot_break(self, text):
        prose = re.sub(r"https://\S+", "", text)
        assert not re.search(rf"[^{NO_BREAK}?!][;:?!»]", prose)
        assert not re.search(rf"«[^{NO_BREAK}]", prose)

    def test_numbers_stay_with_their_unit(self, text):
        assert not re.search(r"\d[ ]?(?:€|%|°C)", text)
        assert not re.search(r"\d \d", text)

    def test_no_space_is_doubled_or_trails(self, text):
        assert not re.search(rf"[ {NO_BREAK}]{{2}}|[ {NO_BREAK}]$", text, flags=re.MULTILINE)
        assert without_control(text) == text

    def test_links_and_addresses_lead_nowhere_real(self, text):
        for link in re.findall(r"(?:https?://|www\.)[^\s)]+", text):
            assert urlsplit(link).netloc == "example.org"
        for address in re.findall(r"[\w.+-]+@[\w.-]+", text):
            assert address.endswith("@example.org")
        assert not re.search(r"\b0[1-9](?:[ .\u00a0\u202f]?\d\d){4}\b", text), "a telephone number"
