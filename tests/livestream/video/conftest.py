import os

import pytest

from livestream.video import door, encoding
from tests.livestream.video import staging
from tests.product import PATIENCE


@pytest.fixture(scope="module")
def ingest(tmp_path_factory):
    """One door for the tests of a module, with segments of one second."""
    if not staging.is_there():
        if os.environ.get("CI"):
            pytest.fail("ffmpeg is missing")
        pytest.skip("needs ffmpeg")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(encoding, "SEGMENT_SECONDS", 1)
        # On a busy machine an encoder is silent for longer than on a broken line.
        patch.setattr(door, "SILENCE", PATIENCE)
        patch.setattr(door, "INTRODUCTION", PATIENCE)
        ingest = staging.Ingest(tmp_path_factory.mktemp("ingest"))
        ingest.draw()
        with ingest.running():
            yield ingest
