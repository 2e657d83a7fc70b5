"""Bytes in, the same bytes out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consultations.pabulib import BrokenFile, parse, write
from tests.consultations.pabulib.files import TOULOUSE, made


def test_the_real_file_is_written_back_byte_for_byte():
    content = TOULOUSE.read_bytes()
    assert write(parse(content)) == content
    assert not parse(content).oddities


@pytest.mark.parametrize(
    "content",
    [
        made(),
        made(newline="\r\n"),
        made(newline="\r"),
        b"\xef\xbb\xbf" + made(),
        made()[:-1],
        made() + b"\n\n",
        made().replace(b"PROJECTS\n", b"\nPROJECTS;;;\n \n"),
        made().replace(b"Un parc", b'"Un parc; un ""grand"" parc"'),
        made().replace(b"Un parc", b'"Un parc"'),
        made().replace(b"Un parc", b'Un "grand" parc'),
        made().replace(b"Un parc", b'"Un parc\n\nsur deux lignes"'),
        made().replace(b"p1;600", b" p1 ; 600 "),
        made().replace(b"b;p1\n", b"b;p1\r\n"),
        made().replace(b"Un parc", "Un\u2028parc\x0b\x85".encode()),
    ],
)
def test_unusual_writing_is_kept(content):
    assert write(parse(content)) == content


@given(st.lists(st.lists(st.text(st.sampled_from('ab;"\n\r ,é'), max_size=6), min_size=1, max_size=3), max_size=4))
def test_whatever_is_read_is_written_back(rows):
    content = made() + "\n".join(";".join(row) for row in rows).encode()
    try:
        document = parse(content)
    except BrokenFile as fault:
        assert fault.line > 0
        return
    assert write(document) == content


def test_a_changed_row_is_written_as_it_now_is():
    document = parse(made().replace(b"Un parc", b'"Un parc"'))
    document.section("PROJECTS").rows[0] = ("p1", "700", "3", "Un bois")
    assert b"p1;700;3;Un bois\n" in write(document)


def test_a_cell_may_hold_what_separates_cells():
    document = parse(made().replace(b"Un parc", b'"Un ""parc""; grand\nou petit"'))
    assert document.section("PROJECTS").rows[0][3] == 'Un "parc"; grand\nou petit'
    assert document.section("PROJECTS").lines[1] == document.section("PROJECTS").lines[0] + 2


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"", 1),
        (b"hello\n", 1),
        (made().replace(b"PROJECTS\n", b""), 21),
        (made().replace(b"VOTES\n", b""), 21),
        (made().replace(b"VOTES\n", b"META\n"), 17),
        (made()[: made().index(b"voter_id")], 17),
        (made().replace(b"Un parc", b"Un parc \xe9"), 14),
        (made().replace(b"Un parc", b'"Un parc'), 14),
        (made().replace(b"Un parc", b"Un\0parc"), 14),
        ("META\nkey;value\n".encode("utf-16"), 1),
    ],
)
def test_what_is_no_such_file_is_refused_with_its_line(content, line):
    with pytest.raises(BrokenFile) as refused:
        document = parse(content)
        for name in ("META", "PROJECTS", "VOTES"):
            document.section(name)
    assert refused.value.line == line
