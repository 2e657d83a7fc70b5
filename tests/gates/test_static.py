"""What can be said of the code without running it; each failure shows what the tool said."""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.gates.production import PRODUCTION, python
from tests.gates.sources import CHECKOUT, PACKAGES, texts, under

TOOLS = {
    "ruff": ["ruff", "check", "."],
    "format": ["ruff", "format", "--check", "."],
    "layers": ["lint-imports", "--no-cache"],
    "types": ["mypy"],
    "templates": ["djlint", "--lint", "--quiet", "templates"],
    "bandit": ["bandit", "--quiet", "--configfile", "pyproject.toml", "--recursive", *PACKAGES],
    "migrations": ["python", "manage.py", "makemigrations", "--check", "--dry-run"],
}
# Where a lock file or a build setting says from where packages come: not the repository's affair.
REGISTRY = re.compile(
    r"--(extra-)?index-url|--find-links|pypi\.org/simple|files\.pythonhosted\.org"
    r"|registry\.npmjs\.org|\"resolved\": \"http"
)
# A script of type application/json is never run: allauth reads its settings there.
INLINE = re.compile(
    r"<style|\sstyle\s*=|<script(?![^>]*\s(src=|type=\"application/json\"))|\son[a-z]+\s*=\s*[\"'{]|javascript:",
    re.IGNORECASE,
)


@pytest.mark.parametrize("name", TOOLS)
def test_a_tool_finds_nothing_to_say(name):
    program, *arguments = TOOLS[name]
    done = subprocess.run(
        [Path(sys.executable).parent / program, *arguments],
        cwd=CHECKOUT,
        env=os.environ | {"CIVIC_DEMO": "1", "PYTHONUTF8": "1"},  # the demo's code is looked at too
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{program} {' '.join(arguments)}\n{done.stdout}"


def test_production_passes_the_deployment_check():
    done = python("manage.py", "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert done.returncode == 0, done.stdout


def test_no_file_says_from_which_registry_packages_come():
    assert _lines_with(REGISTRY) == []


def test_no_file_names_a_place_on_this_machine():
    places = {str(CHECKOUT), sys.prefix, "/home/", "/Users/"}
    assert _lines_with(re.compile("|".join(re.escape(place) + r"(?=\w|/|$)" for place in places))) == []


def _lines_with(pattern: re.Pattern[str]) -> list[str]:
    own = Path(__file__).relative_to(CHECKOUT)
    return [
        f"{path}:{number}: {line.strip()[:120]}"
        for path, text in texts()
        if path != own
        for number, line in enumerate(text.splitlines(), start=1)
        if pattern.search(line)
    ]


def test_our_packages_import_each_other_at_the_top_of_files():
    """An import inside a function hides a circle; only `ready()` of an app must wait for the others."""
    hidden = [
        f"{path.relative_to(CHECKOUT)}:{line}: {module}"
        for path in under(*PACKAGES, "devtools", suffix=".py")
        for line, module in _imports_in_functions(ast.parse(path.read_text()), is_app=path.name == "apps.py")
        if module.partition(".")[0] in (*PACKAGES, "devtools")
    ]
    assert hidden == []


def _imports_in_functions(tree: ast.AST, *, is_app: bool) -> Iterator[tuple[int, str]]:
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef) or (is_app and function.name == "ready"):
            continue
        for node in ast.walk(function):
            if isinstance(node, ast.ImportFrom):
                yield node.lineno, node.module or "."
            elif isinstance(node, ast.Import):
                yield from ((node.lineno, name.name) for name in node.names)


def test_no_template_holds_a_style_or_a_script():
    """Our content security policy would refuse them. Mail is apart: its readers know inline styles only."""
    found = [
        f"{path.relative_to(CHECKOUT)}:{number}: {line.strip()[:120]}"
        for path in under("templates", *PACKAGES, suffix=".html")
        if not {"email", "emails"} & set(path.parts)
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if INLINE.search(line)
    ]
    assert found == []
