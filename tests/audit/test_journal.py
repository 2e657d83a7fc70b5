"""The journal only grows: the database refuses the rest, whoever asks."""

import pytest
from django.db import IntegrityError, connection, transaction

from civic.audit import journal
from civic.audit.models import Entry
from civic.territory.models import Space

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry():
    return journal.record("petition.published", target=("petition", 12), reason="clear")


def refused(statement: str) -> str:
    """What the database answers to a statement that it must refuse."""
    with pytest.raises(IntegrityError) as refusal, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    return str(refusal.value)


def test_an_entry_says_who_did_what_to_what_and_where(mireille):
    space = Space.objects.create(kind="quarter")
    entry = journal.record("case.decided", actor=mireille, target=("case", 3), space=space, reason="insult", count=2)
    entry.refresh_from_db()
    assert (entry.actor, entry.action, entry.target_kind, entry.target_id, entry.space_id) == (
        mireille.journal_id,
        "case.decided",
        "case",
        3,
        space.pk,
    )
    assert entry.details == {"reason": "insult", "count": 2}
    assert entry.at is not None


def test_an_entry_names_no_account_but_its_random_id(mireille):
    entry = journal.record("case.claimed", actor=mireille, target=("case", 3))
    row = " ".join(str(value) for value in Entry.objects.filter(pk=entry.pk).values_list()[0])
    assert mireille.email not in row
    assert mireille.name not in row


def test_the_system_acts_without_an_account(entry):
    assert entry.actor is None


def test_an_act_that_is_rolled_back_leaves_no_entry():
    class ActFailsError(Exception):
        pass

    with pytest.raises(ActFailsError), transaction.atomic():
        journal.record("petition.published", target=("petition", 13))
        raise ActFailsError
    assert not Entry.objects.filter(target_id=13).exists()


def test_an_entry_cannot_be_changed(entry):
    assert "the journal only grows: UPDATE refused" in refused("UPDATE audit_entry SET action = 'other'")
    entry.refresh_from_db()
    assert entry.action == "petition.published"


def test_an_entry_cannot_be_deleted(entry):
    assert "the journal only grows: DELETE refused" in refused("DELETE FROM audit_entry")
    assert Entry.objects.filter(pk=entry.pk).exists()


def test_the_orm_is_refused_too(entry):
    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.filter(pk=entry.pk).update(actor=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        entry.delete()


def test_the_journal_cannot_be_emptied(entry):
    """The suite switches this trigger off to empty its tables; here it is as in production."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_entry ENABLE TRIGGER audit_entry_no_truncate")
        assert "the journal only grows: TRUNCATE refused" in refused("TRUNCATE audit_entry")
        cursor.execute("ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_no_truncate")
    assert Entry.objects.filter(pk=entry.pk).exists()
