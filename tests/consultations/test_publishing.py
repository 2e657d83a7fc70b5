"""A draft is published when it is complete; then nothing that anyone relies on changes in silence."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from civic.audit.models import Entry
from civic.kernel.errors import NotAllowed
from consultations.models import Consultation, Document, Option, Phase, PhaseKind, Question, Scrutineer, Version
from consultations.models.correcting import (
    ExplanationMissing,
    Frozen,
    NothingCorrected,
    NotPublished,
    correction,
)
from consultations.models.publishing import AlreadyPublished, NotReady
from tests.consultations.votes import opened

DAY = timedelta(days=1)


def give_keys(consultation, *users, tested=True):
    now = timezone.now()
    for rank, user in enumerate(users, start=1):
        Scrutineer.objects.create(
            consultation=consultation,
            user=user,
            rank=rank,
            public_key=f"{rank}" * 43 + "=",
            key_given_at=now,
            tested_at=now if tested else None,
        )


def lacks(consultation, colette):
    with pytest.raises(NotReady) as refusal:
        consultation.publish(colette, at=timezone.now())
    consultation.refresh_from_db()
    assert consultation.published_at is None
    return [str(sentence) for sentence in refusal.value.context["missing"]]


# --- Publishing -----------------------------------------------------------------------------


def test_a_complete_draft_is_published_with_its_first_version(draft, colette):
    now = timezone.now()
    draft.publish(colette, at=now)
    draft.refresh_from_db()
    assert draft.published_at == now
    version = draft.versions.get()
    assert (version.number, version.at, version.by) == (1, now, colette)
    assert version.content["title"] == "Le nom du parc"
    assert [option["label"] for option in version.content["questions"][0]["options"]] == [
        "Parc des Essarts",
        "Parc du Drac",
    ]
    entry = Entry.objects.get(action="consultation.published")
    assert (entry.actor, entry.space_id) == (colette.journal_id, draft.space_id)


def test_the_order_that_breaks_ties_is_drawn_stored_and_published(draft, colette):
    draft.publish(colette, at=timezone.now())
    question = draft.questions.get()
    assert sorted(question.tie_order) == ["o1", "o2"]
    assert draft.versions.get().content["questions"][0]["drawn_order"] == question.tie_order
    assert list(question.as_rule().tie_order) == question.tie_order


def test_over_many_draws_each_option_comes_first(make_consultation, colette):
    firsts = set()
    for _turn in range(30):
        draft = make_consultation()
        draft.publish(colette, at=timezone.now())
        firsts.add(draft.questions.get().tie_order[0])
    assert firsts == {"o1", "o2"}


def test_it_is_published_once(draft, colette):
    draft.publish(colette, at=timezone.now())
    with pytest.raises(AlreadyPublished):
        draft.publish(colette, at=timezone.now())
    assert Version.objects.count() == 1


def test_only_a_clerk_publishes(draft, amina, mireille):
    for stranger in (amina, mireille):
        with pytest.raises(NotAllowed):
            draft.publish(stranger, at=timezone.now())


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"summary": ""}, "Le résumé"),
        ({"description": ""}, "La description"),
        ({"residence": "listed"}, "La liste"),
        ({"only_quarters": True, "residence": "declared"}, "aucun quartier"),
        ({"secrecy": "secret"}, "scrutateurs"),
    ],
)
def test_what_is_missing_is_said(fields, sentence, make_consultation, colette):
    draft = make_consultation(**fields)
    found = lacks(draft, colette)
    assert any(sentence in one for one in found), found


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda c: Phase.objects.all().delete(), "jours du vote"),
        (lambda c: Phase.objects.update(opens_at=timezone.now() - DAY), "déjà ouvert"),
        (lambda c: Question.objects.all().delete(), "aucune question"),
        (lambda c: Option.objects.filter(rank=2).delete(), "deux propositions"),
        (lambda c: Option.objects.all().delete(), "proposition"),
        (lambda c: Question.objects.update(kind="grades", counting="majority_judgment"), "mentions"),
        (lambda c: Question.objects.update(kind="points", counting="points"), "points"),
        (
            lambda c: Question.objects.update(kind="multiple", counting="greedy", total_cost=10, maximum=None),
            "coût",
        ),
        (lambda c: add_phase(c, "debate", -3, 2), "pendant que"),
        (lambda c: add_phase(c, "results", 2, 20), "avant la fin du vote"),
        (lambda c: add_phase(c, "inform", 3, 4), "avant"),
    ],
)
def test_what_does_not_fit_together_is_said(spoil, sentence, draft, colette):
    spoil(draft)
    found = lacks(draft, colette)
    assert any(sentence in one for one in found), found


def add_phase(consultation, kind, opens, closes):
    now = timezone.now()
    Phase.objects.create(consultation=consultation, kind=kind, opens_at=now + opens * DAY, closes_at=now + closes * DAY)


def test_a_secret_vote_needs_every_key_given_and_tested(make_consultation, colette, amina, bruno, camille):
    draft = make_consultation(secrecy="secret")
    Scrutineer.objects.create(consultation=draft, user=camille, rank=3)
    give_keys(draft, amina, bruno, tested=False)
    found = " ".join(lacks(draft, colette))
    assert camille.name in found
    assert amina.name in found
    assert bruno.name in found
    now = timezone.now()
    Scrutineer.objects.filter(rank=3).update(public_key="3" * 44, key_given_at=now)
    Scrutineer.objects.update(tested_at=now)
    draft.publish(colette, at=now)
    draft.refresh_from_db()
    assert draft.envelope_size % 64 == 0
    assert draft.envelope_size >= len('{"nom":"o1"}')


# --- Freeze -----------------------------------------------------------------------------------


@pytest.fixture
def published(draft, colette):
    draft.publish(colette, at=timezone.now())
    return draft


CHANGES = [
    lambda c: Consultation.objects.update(title="Un autre titre"),
    lambda c: Consultation.objects.update(description="Un autre texte"),
    lambda c: Consultation.objects.update(minimum_age=18),
    lambda c: Consultation.objects.update(residence="declared"),
    lambda c: Consultation.objects.update(secrecy="named"),
    lambda c: Consultation.objects.update(quorum=10),
    lambda c: Consultation.objects.update(published_at=None),
    lambda c: Consultation.objects.all()._raw_delete("default"),
    lambda c: Question.objects.update(text="Une autre question ?"),
    lambda c: Question.objects.update(counting="approval", kind="multiple"),
    lambda c: Question.objects.update(tie_order=["o2", "o1", "x"]),
    lambda c: Question.objects.all().delete(),
    lambda c: Option.objects.filter(rank=1).update(label="Parc Staline"),
    lambda c: Option.objects.filter(rank=1).delete(),
    lambda c: Option.objects.create(question=c.questions.get(), rank=3, slug="o3", label="Un troisième"),
    lambda c: Document.objects.create(consultation=c, title="Plan", content=b"x", sha256="0" * 64, size=1),
    lambda c: Phase.objects.filter(kind="vote").delete(),
    lambda c: Phase.objects.filter(kind="vote").update(closes_at=c.vote.closes_at - DAY),
    lambda c: Phase.objects.filter(kind="vote").update(opens_at=c.vote.opens_at - DAY),
    lambda c: add_phase(c, "debate", -3, 0),
    lambda c: Scrutineer.objects.create(consultation=c, user=c.author, rank=1),
    lambda c: Version.objects.update(content={}),
    lambda c: Version.objects.all().delete(),
]


@pytest.mark.parametrize("change", CHANGES)
def test_the_database_refuses_to_change_what_is_published(change, published):
    with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
        change(published)


def test_a_draft_changes_freely(draft):
    for change in CHANGES[:7]:
        change(draft)


def test_an_erased_account_leaves_its_versions(published, colette):
    colette.delete()
    assert published.versions.get().by is None


# --- Corrections --------------------------------------------------------------------------------


def test_a_correction_is_a_new_dated_version_for_everyone(published, colette):
    now = timezone.now()
    published.correct(
        colette,
        explanation="Une faute dans le nom du parc.",
        at=now,
        title="Le nom du parc central",
        questions={"nom": {"help": "Un seul nom."}},
        options={("nom", "o1"): {"label": "Parc des Essarts (sud)"}},
    )
    assert published.title == "Le nom du parc central"
    first, second = published.versions.all()
    assert (second.number, second.at, second.explanation) == (2, now, "Une faute dans le nom du parc.")
    assert first.content["title"] == "Le nom du parc"
    assert second.content["questions"][0]["options"][0]["label"] == "Parc des Essarts (sud)"
    assert second.content["questions"][0]["drawn_order"] == first.content["questions"][0]["drawn_order"]
    assert published.space.name == "Le nom du parc central"
    with pytest.raises(IntegrityError), transaction.atomic():
        Consultation.objects.update(title="En douce")


def test_a_correction_says_what_it_is_and_corrects_something(published, colette, draft, amina, make_consultation):
    now = timezone.now()
    with pytest.raises(ExplanationMissing):
        published.correct(colette, explanation=" ", at=now, title="Un autre")
    with pytest.raises(NothingCorrected):
        published.correct(colette, explanation="Rien.", at=now, title=published.title)
    with pytest.raises(NotAllowed):
        published.correct(amina, explanation="Une faute.", at=now, title="Un autre")
    with pytest.raises(NotPublished):
        make_consultation().correct(colette, explanation="Une faute.", at=now, title="Un autre")
    with pytest.raises(TypeError):
        published.correct(colette, explanation="Une faute.", at=now, secrecy="named")
    assert published.versions.count() == 1


def test_before_the_vote_opens_a_project_can_be_taken_out_and_one_added(published, colette):
    revision = published.revision
    with correction(published, colette, explanation="Un projet retiré par son auteur.", at=timezone.now()) as current:
        question = current.questions.get()
        question.options.filter(slug="o1").delete()
        Option.objects.create(question=question, rank=3, slug="o3", label="Un troisième")
    assert sorted(published.questions.get().tie_order) == ["o2", "o3"]
    assert published.versions.count() == 2
    assert published.revision == revision + 1


@pytest.mark.parametrize(
    "change",
    [
        lambda c: Option.objects.filter(rank=1).delete(),
        lambda c: Option.objects.filter(rank=1).update(slug="o9"),
        lambda c: Question.objects.update(maximum=2),
        lambda c: Consultation.objects.update(minimum_age=18),
    ],
)
def test_once_people_vote_no_correction_touches_what_counts(change, published, colette):
    opened(published)
    with (
        pytest.raises(Frozen),
        correction(published, colette, explanation="Une erreur.", at=timezone.now()) as current,
    ):
        change(current)
    assert published.versions.count() == 1
    published.correct(colette, explanation="Une faute.", at=timezone.now(), summary="Un autre résumé")
    assert published.versions.count() == 2


def test_the_door_of_a_correction_is_shut_after_it(published, colette, make_consultation):
    other = make_consultation()
    other.publish(colette, at=timezone.now())
    with pytest.raises(Frozen), correction(published, colette, explanation="Une faute.", at=timezone.now()):
        Consultation.objects.filter(pk=other.pk).update(title="En douce")
    published.correct(colette, explanation="Une faute.", at=timezone.now(), summary="Un autre résumé")
    with pytest.raises(IntegrityError), transaction.atomic():
        Consultation.objects.filter(pk=published.pk).update(summary="En douce")


def test_a_phase_of_a_published_one_that_comes_after_the_vote_may_be_added(published):
    add_phase(published, PhaseKind.DECISION, 30, 40)
    assert published.phases.count() == 2
