"""In CI a skipped test is a failure; on a developer's machine it is not."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SKIPS_ONE = """
import pytest

def test_that_passes():
    pass

@pytest.mark.skip(reason="no Chromium here")
def test_that_needs_a_browser():
    pass
"""
SKIPS_ALL = "import pytest\npytest.importorskip('no_such_service')\n"


def run_suite(folder, source, *options, ci):
    (folder / "test_suite.py").write_text(source)
    command = [sys.executable, "-m", "pytest", "-p", "devtools.pytest_ci", "-p", "no:django", "-p", "no:cacheprovider"]
    return subprocess.run(
        [*command, "--rootdir", str(folder), *options, str(folder)],
        capture_output=True,
        text=True,
        cwd=folder,
        env=os.environ | {"CI": ci, "PYTHONPATH": str(Path.cwd())},
        check=False,
    )


@pytest.mark.parametrize("options", [[], ["-n", "1"]])
def test_a_skipped_test_fails_in_ci_and_is_named(tmp_path, options):
    done = run_suite(tmp_path, SKIPS_ONE, *options, ci="true")
    assert done.returncode == 1
    assert "test_that_needs_a_browser: Skipped: no Chromium here" in done.stdout
    assert "1 passed, 1 skipped" in done.stdout


def test_a_module_skipped_as_a_whole_fails_in_ci(tmp_path):
    (tmp_path / "test_other.py").write_text("def test_that_passes():\n    pass\n")
    done = run_suite(tmp_path, SKIPS_ALL, ci="true")
    assert done.returncode == 1
    assert "no_such_service" in done.stdout


def test_a_skipped_test_is_accepted_elsewhere(tmp_path):
    assert run_suite(tmp_path, SKIPS_ONE, ci="").returncode == 0
