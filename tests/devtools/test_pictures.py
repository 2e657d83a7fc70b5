"""Pictures are taken of a product that runs."""

import pytest

from devtools.pictures import running_product
from tests.devtools.watching import free_port


@pytest.mark.parametrize("note", [None, "", "http://127.0.0.1:{port}/"])
def test_without_a_running_product_a_sentence_says_what_to_do(tmp_path, note):
    file = tmp_path / "run.lock"
    if note is not None:
        file.write_text(note.format(port=free_port()))
    with pytest.raises(SystemExit, match="Lancez d'abord"):
        running_product(file)
