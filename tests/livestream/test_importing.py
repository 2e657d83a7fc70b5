"""The council and an agenda from tables: kept whole, or nothing and a sentence for each line."""

from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from civic.kernel.errors import NotAllowed
from civic.kernel.tabular import Unreadable
from livestream.importing import BrokenTable, import_agenda, import_council
from livestream.models import Councillor, Group, Item, ItemKind
from livestream.models.passage import NotNow

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)
COUNCIL = """Nom;Prénom;Groupe;Sigle;Fonction;Depuis
Morin;Agathe;Ville ouverte;VO;Maire;04/07/2020
Tessier;Basile;Ville ouverte;VO;Adjoint;04/07/2020
Lemaire;Doriane;Cœur de ville;;Conseillère municipale;
"""


def members():
    return [(m.name, m.group.short, m.office, m.from_day) for m in Councillor.objects.select_related("group")]


def test_a_council_is_imported_with_its_groups_in_the_order_of_the_table():
    assert import_council(COUNCIL, today=TODAY) == 3
    assert members() == [
        ("Agathe Morin", "VO", "mayor", date(2020, 7, 4)),
        ("Basile Tessier", "VO", "deputy", date(2020, 7, 4)),
        ("Doriane Lemaire", "Cœur de ville", "councillor", TODAY),
    ]


def test_a_second_import_follows_the_table_and_doubles_nobody():
    import_council(COUNCIL, today=TODAY)
    changed = "nom;prénom;groupe;fonction\nTessier;Basile;Cœur de ville;Maire\nMorin;Agathe;Ville ouverte;Conseillère\n"
    import_council(changed, today=TODAY)
    assert Group.objects.count() == 2
    assert {(name, office) for name, _, office, _ in members()} == {
        ("Basile Tessier", "mayor"), ("Agathe Morin", "councillor"), ("Doriane Lemaire", "councillor"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (";Émile;Ville ouverte;VO;;", "Le nom"),
        ("Garance;Émile;;;;", "Le nom ou le groupe"),
        ("Garance;Émile;Ville ouverte;;Roi;", "Roi"),
        ("Garance;Émile;Ville ouverte;;;hier", "hier"),
        ("Garance;Émile;Ville ouverte;;Maire;", "ligne 2"),
        ("MORIN;Agathe;Ville ouverte;;;", "ligne 2"),
    ],
    ids=["no-name", "no-group", "office", "day", "two-mayors", "twice"],
)
def test_a_wrong_line_is_named_and_nothing_is_stored(line, said, tmp_path):
    if line.startswith(";"):
        line = line.replace("Émile", "")
    file = tmp_path / "conseil.csv"
    file.write_text(COUNCIL + line + "\n")
    with pytest.raises(CommandError) as refusal:
        call_command("import_council", file)
    assert "Ligne 5" in str(refusal.value)
    assert said in str(refusal.value)
    assert not Group.objects.exists()


def test_a_table_without_names_is_none(tmp_path):
    for text in ("", "Groupe;Sigle\nVille ouverte;VO\n", "Nom;Groupe\n"):
        with pytest.raises(Unreadable):
            import_council(text, today=TODAY)
    with pytest.raises(CommandError):
        call_command("import_council", tmp_path / "absent.csv")


AGENDA = """numéro;titre;type;rapporteur;minutes;matière;délibération;commentaires
A;Approbation du procès-verbal;information;;5;;;non
;Subventions aux associations;délibération;Basile TESSIER;15;7.5;2026-101;avant
"""


def test_an_agenda_is_added_after_what_there_is(draft, colette, council):
    assert import_agenda(draft, colette, text=AGENDA, at=timezone.now()) == 2
    rows = draft.items.filter(rank__gt=3).values_list("rank", "number", "kind", "rapporteur", "planned_minutes")
    assert list(rows) == [
        (4, "A", ItemKind.INFORMATION, None, 5), (5, "4", ItemKind.DELIBERATION, council["Basile"].pk, 15),
    ]  # fmt: skip
    draft.refresh_from_db()
    assert draft.revision == 2


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("1;Point;;;;;;", "point 1"),
        ("B;;;;;;;", "titre"),
        ("B;Point;discours;;;;;", "discours"),
        ("B;Point;;Zoé Inconnue;;;;", "Zoé Inconnue"),
        ("B;Point;;;longtemps;;;", "longtemps"),
        ("B;Point;;;;75;;", "7.5"),
        ("B;Point;;;;;2026-101;", "2026-101"),
        (f"B;{'x' * 201};;;;;;", "200"),
    ],
    ids=["number", "title", "kind", "rapporteur", "minutes", "matter", "deliberation", "long"],
)
def test_a_wrong_item_is_named_and_no_item_is_stored(line, said, draft, colette):
    with pytest.raises(BrokenTable) as refusal:
        import_agenda(draft, colette, text=AGENDA + line + "\n", at=timezone.now())
    assert [fault.line for fault in refusal.value.faults] == [4]
    assert said in refusal.value.faults[0].sentence
    assert Item.objects.count() == 3


def test_a_stranger_imports_nothing_nor_anybody_after_the_end(live, amina, colette):
    with pytest.raises(NotAllowed):
        import_agenda(live, amina, text=AGENDA, at=timezone.now())
    live.adjourn(colette, at=timezone.now())
    with pytest.raises(NotNow):
        import_agenda(live, colette, text=AGENDA, at=timezone.now())
