"""Logs hold no secret and no forged line."""

import json
import re
from urllib.parse import quote

import pytest
import structlog
from django.db import IntegrityError
from django.http import HttpResponse
from structlog.testing import capture_logs

from civic.kernel.logs import mask_secrets
from civic.kernel.middleware import RequestLogMiddleware
from tests.gates.production import PRODUCTION, python
from tests.gates.sources import CHECKOUT

LINK = "/petitions/12/signature/lien/abc:def_123/"
# Two ways in which the product logs, and a request that fails, as production writes them.
PROGRAM = """
import logging, django, structlog
django.setup()
logging.getLogger("petitions").warning("name: %s", "Bruno\\n{\\"level\\": \\"forged\\"}")
structlog.get_logger("petitions").warning("asked", path="LINK", name="a\\u2028b\\r\\nc")
from django.conf import settings
from django.test import Client
settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
settings.MIDDLEWARE.remove("whitenoise.middleware.WhiteNoiseMiddleware")  # nothing is collected here
headers = {"host": "fabrique.example", "x-forwarded-proto": "https"}
Client(raise_request_exception=False).get("LINKautre/", headers=headers)
""".replace("LINK", LINK)


@pytest.mark.parametrize(
    "value",
    [
        *(LINK, f"GET {LINK}confirmer/", {"path": LINK}, [LINK], (LINK,), {"deep": [{"path": LINK}]}),
        *(quote(LINK, safe=""), json.dumps({"document-uri": LINK}).replace("/", "\\/")),
    ],
)
def test_what_opens_a_link_is_masked_wherever_it_stands(value):
    masked = mask_secrets(None, "info", {"event": "request", "value": value})
    assert "abc" not in str(masked)
    assert "def" not in str(masked)
    assert "…" in str(masked)


@pytest.mark.parametrize(
    "said",
    [
        "DETAIL:  Key (email)=(amina.belkacem+x@mail.example.org) already exists.",
        IntegrityError('null value … Failing row contains (7, amina@example.org, "Amina").'),
        {"refused": {"amina@example.org": (550, "no such user")}},
    ],
)
def test_nobody_s_address_is_written(said):
    assert "amina" not in str(mask_secrets(None, "error", {"event": "failed", "error": said})).replace('"Amina"', "")


def test_no_server_notes_whole_addresses_by_itself():
    """What daphne and uvicorn write of each request passes by the masks."""
    commands = re.findall(r"^    ((?:daphne|uvicorn) .*?)(?:  |$)", (CHECKOUT / "README.md").read_text(), re.MULTILINE)
    assert len(commands) == 2
    assert all("-v 0" in command or "--no-access-log" in command for command in commands)


def test_the_request_that_django_hands_over_is_masked(rf):
    masked = mask_secrets(None, "warning", {"event": "Not Found", "request": rf.get(LINK)})
    assert masked["request"] == "<WSGIRequest: GET '/petitions/12/signature/lien/…/'>"


def test_numbers_stay_numbers():
    event = {"event": "counted", "count": 3, "rate": 0.5, "is_late": False, "at": None}
    assert mask_secrets(None, "info", event) == event


def test_production_writes_one_object_a_line_without_secrets():
    environment = PRODUCTION | {"DJANGO_SETTINGS_MODULE": "civic.settings", "TRUSTED_PROXY_COUNT": "1"}
    done = python("-c", PROGRAM, **environment)
    assert done.returncode == 0, done.stdout
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert {line["level"] for line in lines} <= {"info", "warning", "error"}
    assert all(line["timestamp"].endswith("Z") for line in lines)
    assert "abc:def_123" not in done.stdout
    assert any("/lien/…" in json.dumps(line, ensure_ascii=False) for line in lines)


@pytest.fixture
def talkative(caplog):
    caplog.set_level("DEBUG", logger="civic.kernel.middleware")


def test_all_lines_of_a_request_bear_its_id(rf, talkative):
    """Its own line too, which is masked like the rest."""
    seen = []

    def view(request):
        structlog.get_logger("petitions").info("under_way")
        return HttpResponse(status=302)

    with capture_logs(processors=[structlog.contextvars.merge_contextvars]) as lines:
        for _request in range(2):
            RequestLogMiddleware(view)(rf.get(LINK))
            seen.append({line["request_id"] for line in lines[-2:]})
    assert [line["event"] for line in lines] == ["under_way", "request"] * 2
    assert (lines[1]["method"], lines[1]["path"], lines[1]["code"]) == ("GET", LINK, 302)
    assert len(seen[0]) == len(seen[1]) == 1
    assert seen[0] != seen[1]


@pytest.mark.parametrize(("code", "level"), [(200, "debug"), (404, "warning"), (503, "error")])
def test_a_request_that_failed_is_told_louder(rf, talkative, code, level):
    with capture_logs() as lines:
        RequestLogMiddleware(lambda request: HttpResponse(status=code))(rf.get("/"))
    assert [line["log_level"] for line in lines] == [level]


def test_a_request_that_went_well_is_not_told(rf):
    with capture_logs() as lines:
        RequestLogMiddleware(lambda request: HttpResponse())(rf.get("/"))
    assert lines == []
