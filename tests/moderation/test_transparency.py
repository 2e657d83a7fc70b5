"""The register and the yearly figures: what everybody may read, and that it equals the journal."""

import csv
from collections import Counter
from datetime import timedelta
from io import StringIO
from uuid import uuid4

import pytest
from django.db.models import F
from django.utils import timezone

from civic.audit.models import Entry
from civic.moderation import register, transparency
from civic.moderation.models import Case, Decision, Measure, Reason, SanctionKind, Trigger
from civic.moderation.registry import Standing
from civic.territory import kinds
from civic.territory.models import Space

SECRETS = ("Amina", "Bruno", "Camille", "Mireille", "Malik", "Belkacem", "Ferrero", "Some text", "Lisez", "Regardez")


@pytest.fixture
def year():
    return timezone.localdate().year


@pytest.fixture
def mixed(make_case, make_public, amina, bruno, camille, mireille, malik, decide, reason):
    """A year at the desk: every measure, reports and appeals of every outcome, and decisions undone."""
    other = Reason.objects.get(code="personal_data")
    until = timezone.now() + timedelta(days=7)
    decide(make_case(), mireille)
    decide(make_case(), mireille, "refuse", reason=other)
    decide(make_case(standing=Standing.HIDDEN), malik, "restore")
    decide(make_case(), malik, "move", destination="board:2")
    reported = [make_public() for _number in range(5)]
    for subject in reported:
        subject.report(bruno, reason=reason, sentence="Lisez.", at=timezone.now())
    reported[0].report(camille, reason=other, at=timezone.now())
    cases = list(Case.objects.filter(trigger=Trigger.REPORT).order_by("pk"))
    hidden = decide(cases[0], mireille, "hide", reason=reason, measures=[Measure(SanctionKind.MUTE, until)])
    decide(cases[1], malik, "keep")
    warned = decide(cases[2], malik, "keep", reason=other, measures=[Measure(SanctionKind.WARNING)])
    undone = decide(cases[3], malik, "hide", reason=reason)
    undo(undone, malik)
    decide(cases[3], mireille, "mask", reason=reason, masked_text="Some […].", version=1)
    reported[4].withdraw_case(at=timezone.now())
    flagged = decide(make_case(trigger=Trigger.SIGNAL), mireille, "refuse", reason=reason)
    for decision, by, upheld in ((hidden, malik, True), (warned, mireille, False), (flagged, malik, None)):
        appeal = decision.statement.appeal(amina, text="Regardez encore.", at=timezone.now())
        if upheld is not None:
            appeal.decide(by, upheld=upheld, answer="Vu.", version=0, key=uuid4(), at=timezone.now())
    return {"hidden": hidden, "undone": undone, "flagged": flagged}


def undo(decision, by):
    case = Case.objects.get(pk=decision.case_id)
    case.undo(by, version=decision.version, key=uuid4(), at=timezone.now())


def journal(action, *, outcome=None, upheld=None):
    """The journal's entries of that action, counted by the codes that they hold."""
    entries = Entry.objects.filter(action=action)
    if outcome:
        entries = entries.filter(details__outcome=outcome)
    if upheld is not None:
        entries = entries.filter(details__upheld=upheld)
    codes = [entry.details for entry in entries]
    return Counter((c["kind"], c.get("decision") or "", c["reason"] or "") for c in codes)


def counted(figures, name):
    return Counter({(f.kind, f.measure, f.ground): f.value for f in figures if f.name == name and f.value})


def test_the_figures_equal_the_journal(mixed, year):
    figures = transparency.figures(year)
    assert counted(figures, "decisions") == journal("case.decided") and len(journal("case.decided")) > 6
    assert counted(figures, "undone") == journal("case.undone")
    assert counted(figures, "reports") == journal("report.received")
    for outcome in ("upheld", "unfounded", "moot"):
        net = journal("report.settled", outcome=outcome) - journal("report.reopened", outcome=outcome)
        net += journal("report.revised", outcome=outcome)
        net -= journal("report.revised") if outcome == "upheld" else Counter()
        assert counted(figures, f"{outcome}_reports") == net and net
    assert counted(figures, "appeals") == journal("appeal.received")
    assert counted(figures, "upheld_appeals") == journal("appeal.decided", upheld=True)
    assert counted(figures, "dismissed_appeals") == journal("appeal.decided", upheld=False)
    measures = Counter()
    for entry in Entry.objects.filter(action="case.decided", details__has_key="measures"):
        for kind in entry.details["measures"]:
            measures[(entry.details["kind"], kind, entry.details["reason"])] += 1
    assert counted(figures, "sanctions") == measures and len(measures) == 2


def test_no_machine_decides(mixed, year):
    assert not Entry.objects.filter(action__in=["case.decided", "appeal.decided"], actor=None).exists()
    values = {f.name: f.value for f in transparency.figures(year)}
    assert values["by_machine"] == 0
    noticed = Decision.objects.filter(statement__machine_took_part=True).exclude(case__trigger=Trigger.APPEAL)
    assert values["noticed"] == noticed.count()


def test_times_are_medians_in_hours(make_case, mireille, decide, year):
    now = timezone.now()
    for hours in (1, 2, 30):
        decide(make_case(at=now - timedelta(hours=hours)), mireille, at=now)
    (figure,) = [f for f in transparency.figures(year) if f.name == "decision_time"]
    assert (figure.value, figure.unit) == (2, "heures")


def test_an_act_counts_in_the_year_of_the_citys_clock(make_case, mireille, decide):
    # 23:30 UTC on the last day is the new year in the city.
    start, end = register.year_of(2025)
    assert (start.utcoffset(), end.utcoffset()) == (timedelta(hours=1), timedelta(hours=1))
    decide(make_case(at=end - timedelta(days=1)), mireille, at=end - timedelta(seconds=1))
    decide(make_case(at=end - timedelta(days=1)), mireille, at=end)
    assert [sum(f.value for f in transparency.figures(y) if f.name == "decisions") for y in (2025, 2026)] == [1, 1]


# --- The register


def lines(response):
    return list(csv.DictReader(StringIO(response.content.decode(), newline="")))


def test_the_register_holds_every_measure_that_stands(mixed, client):
    rows = lines(client.get("/moderation/registre.csv"))
    assert len(rows) == 5, "refused, hidden, warned, masked, flagged; neither what is undone nor what is good news"
    assert {row["recours"] for row in rows} == {"", "recours accueilli", "recours rejeté", "recours en cours d’examen"}
    assert set(rows[0]) == set(register.FIELDS)
    (muted,) = [row for row in rows if "temps" in row["mesures_sur_le_compte"]]
    assert muted["recours"] == "recours accueilli"


@pytest.mark.parametrize("address", ["/moderation/registre/", "/moderation/registre.csv", "/en/moderation/registre/"])
def test_nobody_and_no_text_is_in_it(mixed, client, address):
    text = client.get(address).content.decode()
    assert not [secret for secret in SECRETS if secret in text]


def test_a_row_holds_no_number_that_leads_somewhere(mixed):
    for statement in register.statements():
        (row,) = register.rows_of([statement])
        cells = row.cells()
        for number in (statement.pk, statement.decision_id, statement.decision.case_id):
            assert not any(cell == str(number) for cell in cells)


def test_it_is_narrowed_by_year_kind_and_measure(mixed, year):
    assert register.statements(year=str(year), kind="note").count() == 5
    assert register.statements(measure="hide").get() == mixed["hidden"].statement
    assert register.statements(measure="mute").get() == mixed["hidden"].statement
    assert register.statements(year="1970").count() == 5, "a value that means nothing narrows nothing"
    Decision.objects.filter(pk=mixed["hidden"].pk).update(at=F("at") - timedelta(days=800))
    assert register.statements(year=str(year)).count() == 4
    assert register.years()[0].code == str(year)


def test_it_goes_by_pages_that_keep_what_was_chosen(make_public, mireille, decide, reason, client):
    for _number in range(32):
        decide(make_public().open_case(at=timezone.now()), mireille, "hide", reason=reason)
    first = client.get("/moderation/registre/?mesure=hide")
    assert len(first.context["rows"]) == 30 and first.context["next_url"].startswith("?mesure=hide&apres=")
    second = client.get("/moderation/registre/" + first.context["next_url"])
    assert len(second.context["rows"]) == 2 and not second.context["next_url"]


def test_it_costs_few_queries_however_long(mixed, client, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        client.get("/moderation/registre/")
    with django_assert_max_num_queries(2):
        client.get("/moderation/registre.csv")


def test_the_year_is_a_table_with_a_header(mixed, year, client):
    response = client.get(f"/moderation/registre/{year}.csv")
    assert response["Content-Type"] == "text/csv; charset=utf-8" and "public" in response["Cache-Control"]
    rows = lines(response)
    assert set(rows[0]) == set(transparency.FIELDS)
    assert {"décisions prises", "recours accueillis"} <= {row["indicateur"] for row in rows}
    assert {row["indicateur"] for row in rows} == set(transparency.NAMES.values()), "a zero is said too"


def test_a_ground_that_looks_like_a_formula_is_guarded(mixed, client, reason):
    Reason.objects.filter(pk=reason.pk).update(label="=HYPERLINK(1)")
    for address in ("/moderation/registre.csv", f"/moderation/registre/{timezone.localdate().year}.csv"):
        assert "'=HYPERLINK(1)" in client.get(address).content.decode()


def test_it_says_the_kind_of_place_and_never_which(make_case, mireille, decide, reason, client):
    space = Space.objects.create(kind="session", name="Conseil du 3 décembre")
    kinds.register("session", "Séance")
    decide(make_case(space=space), mireille, "refuse", reason=reason)
    decide(make_case(), mireille, "refuse", reason=reason)
    page = client.get("/moderation/registre/").content.decode()
    assert [row["lieu"] for row in lines(client.get("/moderation/registre.csv"))] == ["Toute la ville", "Séance"]
    assert "Séance" in page and "Conseil du 3 décembre" not in page
