"""A draft as clerks write it: each function is one act, in one transaction, on one draft at a time.

Every one takes the draft's row first: acts on one draft follow each other, and what is published is left alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from civic.accounts.models import Right, Role, User
from civic.kernel.errors import DomainError
from consultations.models import Consultation, Document, Option, Phase, Question, Scrutineer
from consultations.models.question import MOST_OPTIONS, MOST_QUESTIONS, QuestionKind
from consultations.models.scrutineer import MOST as MOST_SCRUTINEERS

SLUG = 24
# What has no meaning for another kind of answer goes when a question changes its way.
LIMITS: dict[str, Any] = {"minimum": 1, "maximum": None, "points_each": None, "points_all": None, "grades": []}
LIMITS |= {"fits_budget": False, "lowest_cost_first": False}


class AlreadyPublished(DomainError):
    title = _("This consultation is published")
    sentence = _("What is published no longer changes. You can correct its words: a dated, public version is made.")


class EditedMeanwhile(DomainError):
    title = _("Someone else was quicker")
    sentence = _("Someone else changed this draft at the same moment. What you typed stands below and was not kept.")


class GoneMeanwhile(DomainError):
    title = _("This is no longer there")
    sentence = _("Someone else took it out of the draft in the meantime. Nothing was kept.")


class TooManyOptions(DomainError):
    title = _("There is no more room")
    sentence = _("A question has a hundred choices at most: beyond that, nobody reads them all on a phone.")


class TooManyQuestions(DomainError):
    title = _("There is no more room")
    sentence = _("A consultation has twenty questions at most: beyond that, nobody answers them all.")


class SameDocument(DomainError):
    title = _("This file is there already")
    sentence = _("This very file is among the documents of this consultation already. Nothing was changed.")


class AlreadyScrutineer(DomainError):
    title = _("Named already")
    sentence = _("This person is among the scrutineers already. Nothing was changed.")


class TooManyScrutineers(DomainError):
    title = _("There is no more room")
    sentence = _("A consultation has seven scrutineers at most. Nothing was changed.")


@contextmanager
def writing(consultation: Consultation, by: Any, *, revision: int | None = None) -> Iterator[Consultation]:
    """The draft, held until the end of the act, and one revision older than after it.

    Raises NotAllowed, AlreadyPublished, or EditedMeanwhile where it is no longer at the `revision` given.
    """
    with transaction.atomic():
        draft = consultation.locked_for(by)
        if draft.published_at is not None:
            raise AlreadyPublished
        if revision is not None and revision != draft.revision:
            raise EditedMeanwhile
        yield draft
        draft.revision += 1
        draft.save()


def edit(consultation: Consultation, by: Any, *, revision: int, quarters: Any = None, **fields: Any) -> None:
    """Change texts and settings; `quarters` replaces those concerned."""
    with writing(consultation, by, revision=revision) as draft:
        for name, value in fields.items():
            setattr(draft, name, value)
        if quarters is not None:
            draft.quarters.set(quarters)
        if "title" in fields:
            draft.space.rename(draft.title)


def set_timeline(
    consultation: Consultation,
    by: Any,
    timeline: Mapping[str, tuple[datetime, datetime | None]],
    *,
    revision: int,
) -> None:
    """Give each phase its dates; a phase that is not named does not take place."""
    with writing(consultation, by, revision=revision) as draft:
        draft.phases.exclude(kind__in=timeline).delete()
        for kind, (opens_at, closes_at) in timeline.items():
            dates = {"opens_at": opens_at, "closes_at": closes_at}
            Phase.objects.update_or_create(consultation=draft, kind=kind, defaults=dates)


# --- Questions ------------------------------------------------------------------------------


def add_question(
    consultation: Consultation, by: Any, *, text: str, kind: str, counting: str, total_cost: Any = None
) -> Question:
    """A question without options yet; `total_cost` is what a budget may spend. Raises TooManyQuestions."""
    with writing(consultation, by) as draft:
        ranks = list(draft.questions.values_list("rank", flat=True))
        if len(ranks) >= MOST_QUESTIONS:
            raise TooManyQuestions
        slugs = set(draft.questions.values_list("slug", flat=True))
        question = Question(
            consultation=draft, text=text, rank=len(ranks) + 1, slug=free_slug(text, slugs, default="question")
        )
        take_way(question, kind, counting, total_cost)
        question.save()
    return question


def edit_question(question: Question, by: Any, *, revision: int, **fields: Any) -> None:
    with writing(question.consultation, by, revision=revision):
        for name, value in fields.items():
            setattr(question, name, value)
        question.save()


def change_way(
    question: Question, by: Any, *, revision: int, text: str, kind: str, counting: str, total_cost: Any
) -> None:
    """Another way to answer and count: limits that no longer mean anything go."""
    with writing(question.consultation, by, revision=revision):
        question.text = text
        if kind != question.kind:
            take_way(question, kind, counting, total_cost)
        question.counting, question.total_cost = counting, total_cost
        question.save()


def take_way(question: Question, kind: str, counting: str, total_cost: Any) -> None:
    question.kind, question.counting, question.total_cost = kind, counting, total_cost
    for name, value in LIMITS.items():
        setattr(question, name, value)
    if kind == QuestionKind.SINGLE:
        question.maximum = 1


def remove_question(question: Question, by: Any) -> None:
    """The question goes with its options; those after it move up."""
    with writing(question.consultation, by) as draft:
        question.delete()
        number_in_order(draft.questions.all())


# --- Options --------------------------------------------------------------------------------


def add_options(question: Question, by: Any, rows: Sequence[Mapping[str, Any]]) -> list[Option]:
    """Raises TooManyOptions where all of them don't fit: then none is added."""
    with writing(question.consultation, by):
        return append_options(question, rows)


def append_options(question: Question, rows: Sequence[Mapping[str, Any]]) -> list[Option]:
    """Below those that are there, for an act that holds the consultation's row. Raises TooManyOptions."""
    known = list(Option.objects.filter(question=question).values_list("slug", "rank"))
    if len(known) + len(rows) > MOST_OPTIONS:
        raise TooManyOptions
    slugs = {slug for slug, _rank in known}
    last = max((rank for _slug, rank in known), default=0)
    options = []
    for rank, row in enumerate(rows, last + 1):
        slug = free_slug(row["label"], slugs, default="choix")
        slugs.add(slug)
        options.append(Option(question=question, rank=rank, slug=slug, **row))
    return Option.objects.bulk_create(options)


def edit_option(option: Option, by: Any, *, revision: int, **fields: Any) -> None:
    with writing(option.question.consultation, by, revision=revision):
        for name, value in fields.items():
            setattr(option, name, value)
        option.save()


def remove_option(option: Option, by: Any) -> None:
    with writing(option.question.consultation, by):
        option.delete()
        number_in_order(Option.objects.filter(question=option.question_id))


def move_option(option: Option, by: Any, *, step: int) -> None:
    """One place up (-1) or down (1), as far as there is one."""
    with writing(option.question.consultation, by):
        options = list(Option.objects.filter(question=option.question_id))
        here = options.index(option)
        there = min(max(here + step, 0), len(options) - 1)
        options.insert(there, options.pop(here))
        number_in_order(options)


def number_in_order(rows: Iterable[Any]) -> None:
    """Ranks from 1 on; they may cross on the way, since the constraint looks at the end of the transaction."""
    rows = list(rows)
    moved = [row for rank, row in enumerate(rows, 1) if row.rank != rank]
    for rank, row in enumerate(rows, 1):
        row.rank = rank
    if moved:
        type(moved[0])._default_manager.bulk_update(moved, ["rank"])


# --- Documents ------------------------------------------------------------------------------


def add_document(consultation: Consultation, by: Any, *, title: str, content: bytes) -> Document:
    """Raises SameDocument."""
    sha256 = hashlib.sha256(content).hexdigest()
    with writing(consultation, by) as draft:
        if draft.documents.filter(sha256=sha256).exists():
            raise SameDocument
        return Document.objects.create(
            consultation=draft, title=title, content=content, sha256=sha256, size=len(content)
        )


def remove_document(document: Document, by: Any) -> None:
    with writing(document.consultation, by):
        document.delete()


def free_slug(text: str, taken: set[str], *, default: str) -> str:
    """A short name for ballots and files that no other one of the same list has: "parc-des-essarts", "…-2"."""
    base = slugify(text)[:SLUG].strip("-") or default
    numbers = (f"{base}-{number}" for number in range(2, MOST_OPTIONS + 3))
    return next(slug for slug in (base, *numbers) if slug not in taken)


# --- Scrutineers ----------------------------------------------------------------------------


def name_scrutineer(consultation: Consultation, by: Any, user: User, *, at: datetime) -> Scrutineer:
    """Give somebody a place among the scrutineers and the right to the pages of theirs; they bring a key next.

    Raises AlreadyScrutineer or TooManyScrutineers.
    """
    with writing(consultation, by) as draft:
        named = list(draft.scrutineers.all())
        if any(scrutineer.user_id == user.pk for scrutineer in named):
            raise AlreadyScrutineer
        if len(named) >= MOST_SCRUTINEERS:
            raise TooManyScrutineers
        if not Right.objects.not_ended(at=at).filter(user=user, role=Role.SCRUTINEER, space=draft.space).exists():
            Right.objects.give(user, Role.SCRUTINEER, at=at, by=by, space=draft.space)
        return Scrutineer.objects.create(consultation=draft, user=user, rank=len(named) + 1)


def remove_scrutineer(scrutineer: Scrutineer, by: Any, *, at: datetime) -> None:
    """Take the place and the right back; those after move up."""
    with writing(scrutineer.consultation, by) as draft:
        for right in Right.objects.not_ended(at=at).filter(
            user=scrutineer.user, role=Role.SCRUTINEER, space=draft.space
        ):
            right.withdraw(at=at, by=by)
        scrutineer.delete()
        # One by one, upwards: two of the same rank never stand there, even for a moment.
        for rank, left in enumerate(draft.scrutineers.all(), 1):
            Scrutineer.objects.filter(pk=left.pk).update(rank=rank)
