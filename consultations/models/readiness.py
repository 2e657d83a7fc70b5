"""What a draft still lacks before it can be published, each as a sentence for the clerk."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from consultations import tally
from consultations.models.phase import ORDER, Phase, PhaseKind

if TYPE_CHECKING:
    from consultations.models.consultation import Consultation
    from consultations.models.question import Question

Sentence = str | Promise

# Who decides alone that a service may publish their name: loi Informatique et Libertés, article 45.
AGE_OF_CONSENT = 15

FAULTS = {
    "no_option": _("it has no option yet."),
    "option_twice": _("the same option is there twice."),
    "counting_of_another_kind": _("this rule of counting is for another kind of answer."),
    "no_grades": _("at least two grades are needed."),
    "no_limit_of_points": _("how many points may be given is not said."),
    "no_budget": _("the budget is not said."),
    "no_cost": _("an option has no cost."),
    "bounds_crossed": _("the least number of options is above the most."),
    "drawn_order_incomplete": _("the order that breaks ties does not name each option once."),
}


def missing(consultation: Consultation, *, at: datetime) -> list[Sentence]:
    """What is not ready, in the order of the desk's sections; nothing where it can be published."""
    return [
        *_text(consultation),
        *_people(consultation),
        *_timeline(consultation, at),
        *_questions(consultation),
        *_scrutineers(consultation),
    ]


def _text(consultation: Consultation) -> Iterator[Sentence]:
    if not consultation.summary:
        yield _("The summary is not written.")
    if not consultation.description:
        yield _("The description is not written.")


def _people(consultation: Consultation) -> Iterator[Sentence]:
    if consultation.secrecy == "named" and consultation.minimum_age < AGE_OF_CONSENT:
        yield format_lazy(
            _("A named vote publishes names: its minimum age is {age} years, from which one agrees to this alone."),
            age=AGE_OF_CONSENT,
        )
    if consultation.residence == "listed":
        if consultation.resident_list is None or not consultation.resident_list.people.exists():
            yield _("The list of people who may take part is not imported.")
    elif consultation.resident_list is not None:
        yield _("A list was chosen, but it is not said that only people on it may take part.")
    if consultation.only_quarters:
        if not consultation.quarters.exists():
            yield _("Only people of some quarters may take part, but no quarter is chosen.")
        if consultation.residence == "anyone":
            yield _("Nobody is asked where they live, so quarters can’t be checked.")


def _timeline(consultation: Consultation, at: datetime) -> Iterator[Sentence]:
    phases = sorted(consultation.phases.all(), key=lambda phase: ORDER[phase.kind])
    vote = consultation.vote
    if vote is None:
        yield _("The days of the vote are not chosen.")
    elif vote.opens_at < at:
        yield _("The vote would already be open: choose a moment that is still to come.")
    for earlier, later in pairwise(phases):
        if later.opens_at < earlier.opens_at:
            yield format_lazy(
                _("“{later}” would begin before “{earlier}”."),
                later=later.get_kind_display(),
                earlier=earlier.get_kind_display(),
            )
    for phase in phases:
        if vote is not None and phase != vote:
            yield from _beside(phase, vote)


def _beside(phase: Phase, vote: Phase) -> Iterator[Sentence]:
    name = phase.get_kind_display()
    if phase.kind == PhaseKind.DEBATE and not phase.has_closed_at(vote.opens_at):
        yield format_lazy(_("“{phase}” would go on while people vote."), phase=name)
    if ORDER[phase.kind] > ORDER[PhaseKind.VOTE] and not vote.has_closed_at(phase.opens_at):
        yield format_lazy(_("“{phase}” would begin before the vote is over."), phase=name)


def _questions(consultation: Consultation) -> Iterator[Sentence]:
    questions = list(consultation.questions.prefetch_related("options"))
    if not questions:
        yield _("There is no question yet.")
    for question in questions:
        for fault in _faults(question):
            yield format_lazy(_("Question {number}: {fault}"), number=question.rank, fault=fault)


def _faults(question: Question) -> Iterator[Sentence]:
    try:
        rule = question.as_rule()
    except tally.InvalidQuestion as error:
        yield FAULTS.get(error.code, _("its parts don’t fit each other."))
        return
    if len(rule.options) < 2 and not rule.is_budget:
        yield _("a choice needs two options at least.")
    if rule.minimum > rule.most:
        yield FAULTS["bounds_crossed"]
    if rule.budget is not None and all(cost > rule.budget for cost in rule.costs.values()) and rule.is_budget:
        yield _("no project fits into the budget.")


def _scrutineers(consultation: Consultation) -> Iterator[Sentence]:
    if not consultation.is_secret:
        return
    scrutineers = list(consultation.scrutineers.all())
    if len(scrutineers) < consultation.scrutineers_needed:
        yield _("A secret vote needs more scrutineers: fewer are named than are needed to open the ballot box.")
    for scrutineer in scrutineers:
        name = scrutineer.user or format_lazy(_("scrutineer {number}"), number=scrutineer.rank)
        if not scrutineer.public_key:
            yield format_lazy(_("{name}: the key has not come yet."), name=name)
        elif scrutineer.tested_at is None:
            yield format_lazy(_("{name}: the key has not been tested."), name=name)
