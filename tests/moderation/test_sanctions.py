"""Silences: what they take away, what they never do, and how they end."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from civic.accounts.models import Right
from civic.moderation import errors
from civic.moderation.models import Measure, Sanction, Statement
from civic.moderation.models.sanctions import check_may_write
from civic.notifications.models import OutgoingMail
from civic.territory.models import Space

DAY = timedelta(days=1)


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def sanction(case, mireille, decide, reason, now):
    """Refuse Amina's text with measures about her."""

    def sanction(*measures, case=case, **changes):
        return decide(case, mireille, "refuse", reason=reason, measures=measures, at=now, **changes)

    return sanction


def is_silent(user, at, space=None):
    try:
        check_may_write(user, space=space, at=at)
    except errors.Silenced:
        return True
    return False


def test_a_mute_ends_by_itself(sanction, amina, bruno, now):
    sanction(Measure("mute", until=now + 3 * DAY))
    assert is_silent(amina, now) and is_silent(amina, now + 3 * DAY - timedelta(seconds=1))
    assert not is_silent(amina, now + 3 * DAY)
    assert not is_silent(amina, now - timedelta(seconds=1))
    assert not is_silent(bruno, now)


def test_a_mute_silences_where_the_text_was_and_a_suspension_everywhere(make_case, sanction, amina, now):
    here, there = Space.objects.create(kind="session"), Space.objects.create(kind="session")
    sanction(Measure("mute", until=now + DAY), case=make_case(space=here))
    assert is_silent(amina, now, here)
    assert not is_silent(amina, now, there) and not is_silent(amina, now)
    sanction(Measure("suspension", until=now + DAY), case=make_case(space=here))
    assert is_silent(amina, now, there) and is_silent(amina, now)


def test_a_warning_takes_nothing_away(sanction, amina, now):
    sanction(Measure("warning"))
    assert Sanction.objects.get().user == amina
    assert not is_silent(amina, now)


def test_a_ban_has_no_end(sanction, amina, now):
    sanction(Measure("ban"))
    assert is_silent(amina, now + 3650 * DAY)


def test_the_refusal_says_until_when_and_why(sanction, amina, reason, now):
    sanction(Measure("mute", until=now + 3 * DAY), Measure("suspension", until=now + 9 * DAY))
    with pytest.raises(errors.Silenced) as told:
        check_may_write(amina, at=now)
    assert told.value.context["sanction"].kind == "suspension", "the one that lasts longest"
    assert reason.wording in str(told.value) and told.value.status == 403


def test_the_refusal_leads_to_the_decision(sanction, amina, sign_in, now):
    sanction(Measure("ban"))
    with pytest.raises(errors.Silenced) as told:
        check_may_write(amina, at=now)
    assert sign_in(amina).get(told.value.context["next_url"]).status_code == 200


def test_one_statement_and_one_mail_tell_all_measures(sanction, now):
    sanction(Measure("warning"), Measure("mute", until=now + 3 * DAY))
    statement, mail = Statement.objects.get(), OutgoingMail.objects.get()
    assert [measure["kind"] for measure in statement.measures] == ["warning", "mute"]
    assert len(statement.measures_said) == 2
    assert "rien ne change" not in "".join(statement.measures_said), "a silence changes something"
    for said in ("avertissement", "jusqu’au", "toujours signer"):
        assert said in mail.text and said in mail.html


def test_an_end_is_said_as_people_say_it():
    until = datetime(2020, 2, 1, 13, 5, tzinfo=UTC)
    assert "1er février 2020 à 14\u00a0h\u00a005" in Measure("mute", until).sentence


def test_a_text_that_stays_may_come_with_a_warning(make_case, mireille, decide, reason):
    case = make_case(standing="public")
    decision = decide(case, mireille, "keep", reason=reason, measures=[Measure("warning")])
    assert not decision.is_restriction and decision.reason == reason
    mail = OutgoingMail.objects.get()
    assert "Le texte reste" in mail.text and reason.label in mail.text
    assert reason.wording not in mail.text, "which says why a text is not public"


@pytest.mark.parametrize(
    "measures",
    [
        [Measure("mute")],
        [Measure("suspension", until=timezone.now() - DAY)],
        [Measure("ban", until=timezone.now() + DAY)],
        [Measure("exile")],
        [Measure("warning"), Measure("warning")],
    ],
)
def test_measures_that_make_no_sense_are_refused(sanction, measures):
    with pytest.raises(errors.MeasureUnfit):
        sanction(*measures)
    assert not Sanction.objects.exists() and not OutgoingMail.objects.exists()


def test_a_measure_needs_a_reason_and_an_author(case, mireille, notes, decide, reason):
    with pytest.raises(errors.ReasonMissing):
        decide(case, mireille, "publish", measures=[Measure("warning")])
    notes.authors[case.subject_id] = None
    with pytest.raises(errors.MeasureUnfit):
        decide(case, mireille, "refuse", reason=reason, measures=[Measure("warning")])


def test_only_those_who_moderate_the_whole_city_silence_everywhere(make_case, make_person, decide, reason, now):
    here = Space.objects.create(kind="session")
    case, local = make_case(space=here), make_person("Lucie Martin")
    Right.objects.create(user=local, role="moderator", space=here)
    with pytest.raises(errors.WholeCityOnly):
        decide(case, local, "refuse", reason=reason, measures=[Measure("ban")])
    assert decide(case, local, "refuse", reason=reason, measures=[Measure("mute", until=now + DAY)])


def test_the_database_itself_holds_to_ends(sanction, now):
    sanction(Measure("ban"))
    for fields in ({"kind": "mute"}, {"ends_at": now + DAY}, {"kind": "exile"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Sanction.objects.update(**fields)
