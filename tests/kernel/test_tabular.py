"""Tables for spreadsheets."""

import csv
from io import StringIO

import pytest

from civic.kernel.tabular import as_csv, csv_response


@pytest.mark.parametrize("formula", ["=1+1", "+33", "-2", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x")'])
def test_no_text_is_taken_for_a_formula(formula):
    ((cell,),) = list(csv.reader(StringIO(as_csv(("a",), [(formula,)]), newline="")))[1:]
    assert cell == f"'{formula}"


def test_numbers_and_words_stay_as_they_are():
    assert as_csv(("a", "b"), [(-2, "Échirolles, « ici »")]) == 'a,b\r\n-2,"Échirolles, « ici »"\r\n'


def test_it_is_a_file_in_utf8():
    response = csv_response("registre.csv", ("motif",), [("é",)])
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="registre.csv"'
    assert response.content.decode() == "motif\r\né\r\n"
