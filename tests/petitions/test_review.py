"""What moderators do to petitions: hiding and giving back, and undoing, in place."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from websockets.exceptions import InvalidStatus

from civic.moderation import errors
from civic.moderation.models import Measure, Reason, Trigger
from civic.moderation.registry import Standing
from civic.moderation.screening import mark
from petitions import review
from petitions.models import Petition, PetitionClosed, PetitionState, SignedSince, Threshold
from tests.petitions.conftest import signer
from tests.realtime.servers import database_url, is_closed, receive, serving

FITTING = {Standing.HELD: ["publish", "refuse"], Standing.PUBLIC: ["keep", "hide"], Standing.HIDDEN: ["restore"]}


@pytest.fixture
def decide(mireille):
    """Decide on the petition's open case, opened by a report where there is none."""

    def decide(petition, action, *, by=mireille, **more):
        at = timezone.now()
        case = petition.subject.open_case(Trigger.REPORT, at=at)
        read = {"version": case.version, "revision": case.card().revision, "key": uuid4()}
        if action in ("hide", "refuse"):
            more.setdefault("reason", Reason.objects.first())
        decision = case.decide(by, action, at=at, **read, **more)
        petition.refresh_from_db()
        return decision

    return decide


@pytest.fixture
def undo(mireille):
    def undo(petition, decision):
        undone = decision.case.undo(mireille, version=decision.version, key=uuid4(), at=timezone.now())
        petition.refresh_from_db()
        return undone

    return undo


def facts(petition):
    """Every column, to compare a petition with itself."""
    return Petition.objects.filter(pk=petition.pk).values().get()


def test_what_can_be_decided_follows_the_state(draft, amina, decide):
    def asked():
        card = draft.subject.open_case(at=timezone.now()).card()
        return card.standing, [action.name for action in review.KIND.actions if card.standing in action.on]

    draft.submit(amina, at=timezone.now())
    for standing, action in zip(Standing, ("publish", "hide", "restore"), strict=True):
        assert asked() == (standing, FITTING[standing])
        decide(draft, action)


def test_a_hidden_petition_is_read_and_signed_by_nobody(opened, decide, client):
    decide(opened, "hide")
    assert opened.state == PetitionState.HIDDEN and not opened.is_shown
    assert client.get(opened.get_absolute_url()).status_code == 404
    with pytest.raises(PetitionClosed):
        opened.sign(signer(), at=timezone.now())


def test_restored_it_is_back_in_its_place(opened, decide, client):
    opened.sign(signer(), at=timezone.now())
    before = facts(opened)
    decide(opened, "hide")
    decide(opened, "restore")
    assert facts(opened) == before, "dates, address and place in every list"
    assert opened.signatures.count() == 1 and opened.thresholds.count() == 3
    assert client.get(opened.get_absolute_url()).status_code == 200
    assert opened.sign(signer(email="odile@example.org"), at=timezone.now())


def test_left_as_it_is_nothing_changes(opened, decide):
    before = facts(opened)
    decide(opened, "keep")
    assert facts(opened) == before


@pytest.mark.parametrize("action", ["publish", "refuse"])
def test_a_review_undone_waits_again(submitted, decide, undo, action):
    before = facts(submitted)
    undo(submitted, decide(submitted, action))
    assert facts(submitted) == before and submitted.state == PetitionState.IN_REVIEW
    assert not Threshold.objects.filter(petition=submitted).exists()
    decide(submitted, "publish")
    assert submitted.state == PetitionState.OPEN


@pytest.mark.parametrize("action", ["hide", "keep"])
def test_a_hiding_undone_is_shown_again(opened, decide, undo, action):
    before = facts(opened)
    undo(opened, decide(opened, action))
    assert facts(opened) == before


def test_a_restoring_undone_is_hidden_again(opened, decide, undo):
    decide(opened, "hide")
    undo(opened, decide(opened, "restore"))
    assert opened.state == PetitionState.HIDDEN


def test_what_people_signed_is_no_longer_undone(submitted, decide, undo):
    decision = decide(submitted, "publish")
    submitted.sign(signer(), at=timezone.now())
    with pytest.raises(SignedSince):
        undo(submitted, decision)
    submitted.refresh_from_db()
    assert submitted.is_open and decision.case.last_decision.undone_at is None


def test_a_refused_text_that_its_author_rewrote_is_not_undone(submitted, amina, decide, undo):
    decision = decide(submitted, "refuse")
    submitted.edit(amina, at=timezone.now(), request="Nous demandons un feu.")
    with pytest.raises(errors.ChangedSinceDecision):
        undo(submitted, decision)


def test_a_refusal_overturned_opens_the_petition(refused):
    refused.publish(at=timezone.now())
    refused.refresh_from_db()
    assert refused.state == PetitionState.OPEN and refused.refused_at is None


def test_set_apart_it_is_hidden_at_once_and_comes_back(opened, mireille):
    before = facts(opened)
    case = opened.subject.open_case(Trigger.REPORT, at=timezone.now())
    case.set_apart(mireille, "criminal", "Le texte vise une personne.", at=timezone.now())
    opened.refresh_from_db()
    assert opened.state == PetitionState.HIDDEN
    case.bring_back(mireille, "C’est une citation.", at=timezone.now())
    assert facts(opened) == before


def test_who_is_silenced_keeps_the_draft_and_sends_it_later(draft, opened_of_amina, amina, decide):
    now = timezone.now()
    decide(opened_of_amina, "hide", measures=[Measure("mute", until=now + timedelta(days=3))])
    with pytest.raises(errors.Silenced):
        draft.submit(amina, at=now + timedelta(hours=1))
    draft.edit(amina, at=now, details="Encore une phrase.")
    draft.submit(amina, at=now + timedelta(days=3))
    draft.refresh_from_db()
    assert draft.state == PetitionState.IN_REVIEW


def test_who_is_silenced_still_signs(opened, opened_of_amina, amina, decide):
    decide(opened_of_amina, "hide", measures=[Measure("ban")])
    assert opened.sign(signer(email=amina.email, name=amina.name, user_id=amina.pk), at=timezone.now())


@pytest.fixture
def opened_of_amina(amina, theme):
    petition = Petition.draft(amina, title="Une autre pétition")
    petition.edit(amina, at=timezone.now(), request="Ceci.", theme=theme)
    petition.submitted_at = timezone.now()
    petition.save(update_fields=["submitted_at"])
    petition.publish(at=timezone.now())
    return petition


@pytest.mark.django_db(transaction=True)
def test_open_pages_of_a_hidden_petition_close_and_nobody_comes_back(opened, decide, client):
    with serving("daphne", database=database_url(connection)) as server:
        with server.follow(opened.stream) as socket:
            receive(socket)
            decide(opened, "hide")
            assert is_closed(socket, 1008)
        with pytest.raises(InvalidStatus):
            server.follow(opened.stream)
        assert client.get(reverse("petition-count-json", args=[opened.pk])).status_code == 404
        decide(opened, "restore")
        with server.follow(opened.stream) as socket:
            assert receive(socket)["kind"] == "heartbeat"


def test_what_a_machine_finds_stands_beside_the_text_and_brings_it_forward(draft):
    """Screened as one text, in the order of the card's parts: each match is marked where it is."""
    at, subject = timezone.now(), draft.subject
    draft.edit(draft.author, at=at, title="Des bancs", request="Un c.o.n.n.a.r.d a tout pris.", details="Voir bit.ly/x")
    draft.submit(draft.author, at=at)
    case = subject.cases.get()
    assert (case.trigger, case.weight) == (Trigger.NEW, 4)
    parts = [part.text for part in case.card().parts]
    marked = mark(parts, subject.matches.all())
    assert [[piece.text for piece in part if piece.match] for part in marked] == [[], ["c.o.n.n.a.r.d"], ["bit.ly"], []]
    draft.edit(draft.author, at=at, request="Des bancs à l’ombre.", details="")
    assert not subject.matches.exclude(term=None).exists()
