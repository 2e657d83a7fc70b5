"""A private PostgreSQL is tried as root and as an ordinary user, whoever runs the tests."""

import os
import shutil
import tempfile
import traceback
from contextlib import suppress
from pathlib import Path

import pytest

from devtools.places import NOBODY, Place

IDENTITIES = ["root", "ordinary"] if os.geteuid() == 0 else ["ordinary"]


@pytest.fixture(scope="session")
def programs():
    """A site-packages folder with PostgreSQL's programs that any user may read, and start."""
    if os.geteuid() != 0:
        yield None
        return
    shelter = Path(tempfile.mkdtemp(prefix="programs-"))
    yield Place(Path.cwd(), shelter=shelter).server().binaries.parents[2]
    shutil.rmtree(shelter)


@pytest.fixture
def open_folder():
    """A short temporary folder that other users may enter; pytest's own are closed to them."""
    folder = Path(tempfile.mkdtemp(prefix="fc-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


class Stage:
    """Plays scenes under one identity, in a child of their own: what they start ends with it."""

    def __init__(self, identity, folder, programs):
        self.identity = identity
        self.programs = programs
        self.shelter = folder / "shelter"
        self.ground = folder / "ground"
        self.ground.mkdir()
        self.places = []
        if self.is_dropped:
            os.chown(self.ground, NOBODY, NOBODY)

    @property
    def is_dropped(self):
        return self.identity == "ordinary" and os.geteuid() == 0

    def place(self, path="checkout"):
        checkout = self.ground / path
        checkout.mkdir(parents=True, exist_ok=True)
        place = Place(checkout, shelter=self.shelter, wheel=self.programs)
        if place.is_root:  # the copy that a first start makes, made once for all scenes
            place.folder.mkdir(parents=True, exist_ok=True)
            with suppress(FileExistsError):
                (place.folder / self.programs.name).symlink_to(self.programs)
        self.places.append(place)
        return place

    def play(self, scene):
        outcome_at = self.ground / "outcome"
        child = os.fork()
        if child == 0:
            code = 1
            try:
                if self.is_dropped:
                    os.setgroups([])
                    os.setgid(NOBODY)
                    os.setuid(NOBODY)
                scene(self)
                code = 0
            except BaseException:
                outcome_at.write_text(traceback.format_exc())
            finally:
                for place in self.places:
                    place.stop_all()
                os._exit(code)
        _, status = os.waitpid(child, 0)
        if status:
            pytest.fail(outcome_at.read_text(), pytrace=False)


@pytest.fixture(params=IDENTITIES)
def stage(request, open_folder, programs):
    return Stage(request.param, open_folder, programs)
