"""One case, one decision."""

from uuid import uuid4

import pytest

from civic.audit.models import Entry
from civic.moderation import errors
from civic.moderation.models import Case, Match, Signal, Statement
from civic.notifications.models import OutgoingMail


def test_a_case_is_published(case, mireille, notes, decide):
    decision = decide(case, mireille)
    case.refresh_from_db()
    assert (case.version, case.decided_at, case.claimed_by) == (1, decision.at, None)
    assert notes.applied == [(case.subject_id, "publish")]
    assert not Statement.objects.exists()
    assert OutgoingMail.objects.get().to == "amina@example.org"


def test_a_refusal_gives_a_statement_of_reasons(case, mireille, decide, reason):
    decision = decide(case, mireille, "refuse", reason=reason, suggestion="Parlez du lieu.")
    statement = Statement.objects.get()
    assert (statement.decision, statement.ground, statement.article) == (decision, reason.wording, reason.article)
    assert not statement.machine_took_part
    mail = OutgoingMail.objects.get()
    assert "Parlez du lieu." in mail.text and reason.wording in mail.text
    assert mireille.name not in mail.text + mail.html, "moderators' names are not public"


def test_a_decision_is_journalled_by_codes(case, mireille, decide, reason):
    decide(case, mireille, "refuse", reason=reason, suggestion="Parlez du lieu.")
    entry = Entry.objects.get(action="case.decided")
    assert entry.actor == mireille.journal_id
    assert entry.details == {"kind": "note", "decision": "refuse", "reason": "personal_attack", "revision": 1}


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"version": None}, errors.VersionMissing),
        ({"revision": None}, errors.VersionMissing),
        ({"action": "explode"}, errors.UnknownAction),
        ({"action": "refuse"}, errors.ReasonMissing),
        ({"version": 7}, errors.AlreadyDecided),
        ({"revision": 0}, errors.EditedSince),
    ],
)
def test_what_was_not_read_is_not_decided(case, mireille, notes, decide, changes, error):
    with pytest.raises(error):
        decide(case, mireille, **changes)
    case.refresh_from_db()
    assert case.is_open and not notes.applied and not OutgoingMail.objects.exists()


def test_a_retired_reason_is_no_reason(case, mireille, decide, reason):
    reason.is_active = False
    with pytest.raises(errors.ReasonMissing):
        decide(case, mireille, "refuse", reason=reason)


def test_the_same_form_sent_again_gives_the_first_decision(case, mireille, decide):
    key = uuid4()
    assert decide(case, mireille, key=key) == decide(case, mireille, key=key)
    assert OutgoingMail.objects.count() == Entry.objects.filter(action="case.decided").count() == 1


def test_nobody_decides_their_own_text(make_case, mireille, malik, decide):
    case = make_case(author=mireille)
    for act in (lambda: decide(case, mireille), lambda: case.claim(mireille)):
        with pytest.raises(errors.OwnContent):
            act()
    assert Case.objects.next_for(mireille) is None
    assert Case.objects.next_for(malik) == case


def test_a_resident_decides_nothing(case, bruno, decide):
    with pytest.raises(errors.NotModerator):
        decide(case, bruno)
    with pytest.raises(errors.NotModerator):
        case.claim(bruno)
    assert Case.objects.next_for(bruno) is None


def test_a_statement_says_whether_a_machine_took_part(make_case, mireille, decide, reason):
    plain, flagged = make_case(), make_case()
    Match.objects.create(subject=flagged.subject, signal=Signal.BURST)
    for case in (plain, flagged):
        statement = decide(case, mireille, "refuse", reason=reason).statement
        assert statement.machine_took_part is (case == flagged)
