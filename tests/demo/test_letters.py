import pytest

from civic.demo.letters import with_links


@pytest.mark.parametrize("site", ["http://127.0.0.1:8000", "http://localhost", "https://[::1]:9443"])
def test_links_to_this_site_lead_to_their_path(site):
    assert with_links(f"Ouvrez {site}/petitions/3/?a=1.") == (
        f'Ouvrez <a href="/petitions/3/?a=1">{site}/petitions/3/?a=1</a>.'
    )


def test_links_to_elsewhere_stay_text():
    assert with_links("https://example.org/plan") == "https://example.org/plan"


def test_everything_else_is_escaped():
    assert with_links('<b> & http://localhost/"onclick="x') == (
        '&lt;b&gt; &amp; <a href="/">http://localhost/</a>&quot;onclick=&quot;x'
    )
