"""An audit that could not look must never say that all is well."""

import json

import pytest

from devtools import audit


@pytest.fixture
def answers(monkeypatch):
    """What the auditor says of each requirement file, by name."""
    said = {name: [{"name": "nh3", "version": "1.0", "vulns": []}] for name in ("local", "test", "production")}
    said["canary"] = [{"name": "django", "version": "3.2.0", "vulns": [{"id": "CVE-2021-31542"}]}]

    def call(command, accepted=(0,)):
        name = command[-1].rpartition("/")[2].removesuffix(".txt")
        return json.dumps({"dependencies": said[name]})

    monkeypatch.setattr(audit, "_call", call)
    monkeypatch.setattr(audit, "_environment_of_its_own", lambda: "python")
    return said


def test_no_flaw_is_a_success(answers, capsys):
    assert audit.main() == 0
    assert "Aucune faille" in capsys.readouterr().out


def test_a_flaw_is_named(answers, capsys):
    answers["test"][0]["vulns"] = [{"id": "CVE-2030-1"}]
    assert audit.main() == 1
    assert "nh3 1.0 : CVE-2030-1" in capsys.readouterr().out


def test_silence_about_the_canary_is_a_failure(answers, capsys):
    answers["canary"][0]["vulns"] = []
    assert audit.main() == 1
    assert "n'a pas pu être faite" in capsys.readouterr().err


def test_a_library_passed_over_is_a_failure(answers):
    answers["local"][0] = {"name": "nh3", "skip_reason": "not found"}
    assert audit.main() == 1


def test_an_auditor_that_fails_is_a_failure(answers, monkeypatch, capsys):
    def call(command, accepted=(0,)):
        raise audit.CouldNotLook("no network")

    monkeypatch.setattr(audit, "_call", call)
    assert audit.main() == 1
    assert "no network" in capsys.readouterr().err
