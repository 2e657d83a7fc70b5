"""Petitions and moderators at once, on the petition's own rows and locks."""

from uuid import uuid4

import pytest
from django.utils import timezone

from civic.kernel.errors import DomainError
from civic.moderation import errors
from civic.moderation.models import Case, Decision, Reason
from civic.territory.models import Theme
from petitions.models import Petition
from tests.concurrency import together


@pytest.fixture
def petition(amina):
    theme = Theme.objects.get_or_create(slug="voirie", defaults={"name": "Voirie"})[0]
    petition = Petition.draft(amina, title="Un passage piéton devant l’école")
    petition.edit(amina, at=timezone.now(), request="Nous demandons un passage piéton.", theme=theme)
    petition.submit(amina, at=timezone.now())
    return petition


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round", range(5))
def test_an_edit_and_a_decision_at_once_come_one_after_the_other(petition, amina, mireille, round):
    case = Case.objects.get()
    read = case.card().revision

    def edit():
        Petition.objects.get(pk=petition.pk).edit(amina, at=timezone.now(), request="Nous demandons un feu.")

    def publish():
        return Case.objects.get(pk=case.pk).decide(
            mireille, "publish", version=0, revision=read, key=uuid4(), at=timezone.now()
        )

    edited, decided = together(edit, publish)
    petition.refresh_from_db()
    if isinstance(decided, Decision):
        assert isinstance(edited, DomainError), "what is published no longer changes"
        assert petition.published_at and petition.request == "Nous demandons un passage piéton."
    else:
        assert isinstance(decided, errors.EditedSince), decided
        assert edited is None
        assert petition.published_at is None and petition.request == "Nous demandons un feu."


@pytest.mark.django_db(transaction=True)
def test_sending_twice_while_it_is_decided_leaves_one_case(petition, amina, mireille):
    case = Case.objects.get()

    def submit():
        Petition.objects.get(pk=petition.pk).submit(amina, at=timezone.now())

    def publish():
        return Case.objects.get(pk=case.pk).decide(
            mireille, "publish", version=0, revision=case.card().revision, key=uuid4(), at=timezone.now()
        )

    *_sent, decided = together(*[submit] * 4, publish)
    assert isinstance(decided, Decision)
    assert Case.objects.count() == 1


@pytest.mark.django_db
def test_a_text_is_read_as_the_public_will_see_it_and_compared_as_it_was_written(petition, amina, mireille, sign_in):
    petition.edit(amina, at=timezone.now(), details="Un **mort** en 2019.\n\n<script>alert(1)</script>")
    desk, case = sign_in(mireille), Case.objects.get()
    case.claim(mireille)
    response = desk.get(f"/moderation/{case.pk}/")
    assert "Un <strong>mort</strong> en 2019." in response.content.decode()
    assert "<script>alert" not in response.content.decode()
    form = {name: str(response.context["form"][name].value()) for name in ("version", "revision", "key")}
    petition.edit(amina, at=timezone.now(), details="Un **blessé** en 2019.")
    compared = desk.post(f"/moderation/{case.pk}/decision/", form | {"action": "publish"})
    assert compared.status_code == 409
    assert "<ins>**blessé**</ins>" in compared.content.decode()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round", range(5))
def test_an_author_who_sends_again_while_the_refusal_is_undone(petition, amina, mireille, round):
    case = Case.objects.get()
    read = {"version": 0, "revision": case.card().revision}
    case.decide(mireille, "refuse", **read, key=uuid4(), at=timezone.now(), reason=Reason.objects.first())

    def submit():
        Petition.objects.get(pk=petition.pk).submit(amina, at=timezone.now())

    def undo():
        return Case.objects.get(pk=case.pk).undo(mireille, version=1, key=uuid4(), at=timezone.now())

    sent, undone = together(submit, undo)
    assert sent is None, sent
    assert isinstance(undone, Decision | errors.AnotherCase), undone
    assert Case.objects.open().count() == 1
    petition.refresh_from_db()
    assert petition.state == "in_review"
