"""A petition that an appeal gives back to the public, in its place."""

from uuid import uuid4

from django.utils import timezone

from civic.moderation.models import Reason
from petitions.models import Petition, PetitionState


def decided(petition, by, action):
    case = petition.subject.open_case(at=timezone.now())
    given = {"version": case.version, "revision": case.card().revision, "key": uuid4(), "at": timezone.now()}
    return case.decide(by, action, reason=Reason.objects.get(code="personal_attack"), **given)


def uphold(decision, person, by):
    appeal = decision.statement.appeal(person, text="Je parlais du lieu.", at=timezone.now())
    return appeal.decide(by, upheld=True, answer="Vous avez raison.", version=0, key=uuid4(), at=timezone.now())


def test_a_refused_petition_opens(submitted, amina, mireille, malik):
    decision = decided(submitted, mireille, "refuse")
    assert uphold(decision, amina, malik).action == "publish"
    assert Petition.objects.get(pk=submitted.pk).state == PetitionState.OPEN


def test_a_refused_petition_that_was_rewritten_is_read_anew(submitted, amina, mireille, malik):
    decision = decided(submitted, mireille, "refuse")
    submitted.edit(amina, at=timezone.now(), request="Une autre demande.")
    assert uphold(decision, amina, malik).action == "uphold"
    assert Petition.objects.get(pk=submitted.pk).state == PetitionState.DRAFT


def test_a_hidden_petition_comes_back_with_its_dates(opened, amina, mireille, malik):
    decision = decided(opened, mireille, "hide")
    assert Petition.objects.get(pk=opened.pk).state == PetitionState.HIDDEN
    uphold(decision, amina, malik)
    back = Petition.objects.get(pk=opened.pk)
    assert (back.state, back.opens_at, back.closes_at) == (PetitionState.OPEN, opened.opens_at, opened.closes_at)
