"""Failures that Django names otherwise than they are."""

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.exceptions import SessionInterrupted
from django.db import DatabaseError, OperationalError
from django.urls import get_resolver


def interrupted(failure) -> Exception:
    """What the session middleware raises when keeping a session failed so."""
    try:
        try:
            try:
                raise failure
            except DatabaseError:
                raise UpdateError  # noqa: B904
        except UpdateError:
            raise SessionInterrupted  # noqa: B904
    except SessionInterrupted as error:
        return error


@pytest.mark.parametrize(
    ("failure", "status"),
    [
        (OperationalError("server closed the connection unexpectedly"), 503),
        (DatabaseError("Forced update did not affect any rows."), 400),
    ],
)
def test_a_session_that_could_not_be_kept_says_whose_fault_it_is(rf, failure, status):
    answer = get_resolver().resolve_error_handler(400)(rf.post("/"), interrupted(failure))
    assert answer.status_code == status
    assert answer.has_header("Retry-After") is (status == 503)
