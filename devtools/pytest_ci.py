"""A pytest plugin of `./run test`: with CI=true a skipped test is a failure.

A test may skip on a developer's machine when Chromium or Redis is missing; in CI that
would hide a missing service behind a green line.
"""

import os

import pytest

_skipped: dict[str, str] = {}


def _is_ci() -> bool:
    return os.environ.get("CI", "").lower() in ("1", "true")


def _note(report: pytest.CollectReport | pytest.TestReport) -> None:
    if report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        _skipped[report.nodeid] = reason


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    _note(report)


def pytest_collectreport(report: pytest.CollectReport) -> None:
    _note(report)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    if _is_ci() and _skipped and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if _is_ci() and _skipped:
        terminalreporter.section("skipped in CI, which fails", sep="=", red=True)
        for nodeid, reason in sorted(_skipped.items()):
            terminalreporter.line(f"{nodeid}: {reason}")
