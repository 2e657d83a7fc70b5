"""The city's way to its first administrator."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from civic.accounts.models import Role
from civic.audit.models import Entry


def run(*arguments):
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_a_role_is_given_withdrawn_and_journalled(amina):
    assert "administrator" in run("grant", "Amina@Example.org", "administrator")
    assert amina.has_role(Role.ADMINISTRATOR)
    run("withdraw_role", amina.email, "administrator")
    assert not amina.has_role(Role.ADMINISTRATOR)
    entries = Entry.objects.order_by("pk").values_list("action", "actor", "details__holder")
    holder = str(amina.journal_id)
    assert list(entries) == [("right.given", None, holder), ("right.withdrawn", None, holder)]


def test_a_role_given_until_a_day_lasts_that_whole_day(amina):
    last = timezone.localdate() + timedelta(days=30)
    run("grant", amina.email, "clerk", "--until", last.isoformat())
    end = amina.rights.get().ends_at
    assert timezone.localtime(end).date() == last
    assert amina.has_role(Role.CLERK, at=end - timedelta(seconds=1))
    assert not amina.has_role(Role.CLERK, at=end + timedelta(seconds=1))


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["grant", "nobody@example.org", "clerk"], "No account"),
        (["grant", "amina@example.org", "clerk", "--until", "2020-01-01"], "has passed"),
        (["grant", "amina@example.org", "king"], "invalid choice"),
        (["grant", "amina@example.org", "clerk", "--until", "tomorrow"], "invalid fromisoformat value"),
        (["withdraw_role", "amina@example.org", "clerk"], "does not hold"),
    ],
)
def test_what_makes_no_sense_is_said_in_a_sentence(amina, arguments, sentence):
    with pytest.raises(CommandError, match=sentence):
        run(*arguments)
    assert not Entry.objects.exists()


def test_a_role_is_not_granted_twice(amina):
    run("grant", amina.email, "clerk")
    with pytest.raises(CommandError, match="already"):
        run("grant", amina.email, "clerk")
