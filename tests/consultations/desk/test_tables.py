"""Tables of choices, as spreadsheets write them."""

from decimal import Decimal

import pytest

from civic.kernel.tabular import Unreadable, decoded
from consultations.desk.tables import amount_of, read_options

QUARTERS = {"surieux": 7, "la luire": 8}


def read(text: str, *, most: int = 100, with_costs: bool = True):
    return read_options(text, quarters=QUARTERS, most=most, with_costs=with_costs)


def test_columns_are_found_by_their_names_in_any_order():
    table = read("Coût;Projet;Quartier;Inutile\n12 500 €;Des arbres;Surieux;x\n")
    assert table.faults == []
    assert table.rows == [{"label": "Des arbres", "description": "", "cost": Decimal(12500), "quarter_id": 7}]


@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_any_usual_separator_is_read(separator):
    table = read(separator.join(["Des arbres", "Trente tilleuls", "900", "La Luire"]))
    assert [row["quarter_id"] for row in table.rows] == [8]


def test_a_text_of_several_lines_stands_in_one_cell():
    table = read('titre;description;cout\n"Des arbres";"Ici\net là";1\nUn banc;;2\n')
    assert [row["label"] for row in table.rows] == ["Des arbres", "Un banc"]
    assert table.rows[0]["description"] == "Ici\net là"


def test_each_fault_names_its_line_and_the_others_are_read():
    table = read("titre;cout;quartier\nDes arbres;100;\n;5;\nUn banc;cher;\nDes arbres;7;\nUn kiosque;9;Paris\n")
    assert [row["label"] for row in table.rows] == ["Des arbres"]
    assert [fault.line for fault in table.faults] == [3, 4, 5, 6]


def test_no_more_lines_than_there_is_room_are_read():
    table = read("titre;cout\nA;1\nB;2\nC;3\nD;4\n", most=2)
    assert [row["label"] for row in table.rows] == ["A", "B"]
    assert [fault.line for fault in table.faults] == [4]


def test_costs_are_not_asked_where_there_is_no_budget():
    table = read("Oui\nNon\n", with_costs=False)
    assert [row["label"] for row in table.rows] == ["Oui", "Non"]
    assert "cost" not in table.rows[0]


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("12500", "12500"),
        ("12 500", "12500"),
        ("12\u202f500,50 €", "12500.50"),
        ("12,500", "12500"),
        ("12,500.50", "12500.50"),
        ("0,5", "0.5"),
    ],
)
def test_amounts_are_read_as_people_write_them(written, amount):
    assert amount_of(written) == Decimal(amount)


@pytest.mark.parametrize("written", ["", "beaucoup", "0", "-3", "NaN", "Infinity", "1e999"])
def test_what_is_no_amount_is_none(written):
    assert amount_of(written) is None


def test_letters_of_windows_are_read():
    assert decoded("Été".encode("cp1252")) == "Été"
    assert decoded("\ufeffÉté".encode()) == "Été"


@pytest.mark.parametrize("content", [b"PK\x03\x04rest", b"\xd0\xcf\x11\xe0", b"a\x00b"])
def test_a_file_of_a_spreadsheet_itself_is_refused(content):
    with pytest.raises(Unreadable):
        decoded(content)


def test_nothing_is_no_table():
    with pytest.raises(Unreadable):
        read("\n \n")
