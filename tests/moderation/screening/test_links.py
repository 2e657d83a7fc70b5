"""Sites of the list, with everything under them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.moderation.screening.links import Linklist, host_of, hosts

SITES = ["bit.ly", "xn--caf-dma.fr", "exemple.com", "a.b.c.org"]
LIST = Linklist(enumerate(SITES))


def found(text):
    return {(SITES[hit.term], text[hit.start : hit.end]) for hit in LIST.find(text)}


@pytest.mark.parametrize(
    ("text", "site", "written"),
    [
        ("voir https://bit.ly/abc", "bit.ly", "bit.ly"),
        ("www.BIT.LY.", "bit.ly", "www.BIT.LY."),
        ("[lien](http://a.b.bit.ly/)", "bit.ly", "a.b.bit.ly"),
        ("http://moi@exemple.com:80/page", "exemple.com", "exemple.com"),
        ("café.fr", "xn--caf-dma.fr", "café.fr"),
        ("CAFE\u0301.fr/x", "xn--caf-dma.fr", "CAFE\u0301.fr"),
        ("xn--caf-dma.fr", "xn--caf-dma.fr", "xn--caf-dma.fr"),
        ("exemple[.]com", "exemple.com", "exemple[.]com"),
        ("exemple(.)com", "exemple.com", "exemple(.)com"),
        ("exemple。com", "exemple.com", "exemple。com"),
        ("ｅｘｅｍｐｌｅ．ｃｏｍ", "exemple.com", "ｅｘｅｍｐｌｅ．ｃｏｍ"),
        ("ex\u200bemple.com", "exemple.com", "ex\u200bemple.com"),
        ("x.a.b.c.org", "a.b.c.org", "x.a.b.c.org"),
        ("Lisez bit.ly/x, puis signez.", "bit.ly", "bit.ly"),
    ],
)
def test_a_site_is_found_however_it_is_written(text, site, written):
    assert (site, written) in found(text)


@pytest.mark.parametrize("text", ["notbit.ly", "bit.ly.exemple.fr", "bit. ly", "un bit, ly", "b.c.org", "xn--.fr", ""])
def test_another_site_is_another(text):
    assert found(text) == set()


@given(st.text(max_size=300))
def test_any_text_can_be_looked_at_and_every_site_lies_in_it(text):
    for name, start, end in hosts(text):
        assert 0 <= start < end <= len(text)
        assert "." in name


@given(st.text(max_size=60))
def test_one_spelling_is_the_same_read_again(text):
    once = host_of(text)
    assert host_of(once) == once or "xn--" in once
