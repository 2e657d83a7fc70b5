"""A kind of content of the tests' own: what petitions and comments give, in memory."""

from dataclasses import dataclass, field
from uuid import uuid4

import pytest
from django.utils import timezone

from civic.moderation import registry
from civic.moderation.models import Case, Reason, Subject
from civic.moderation.registry import (
    HIDE,
    KEEP,
    MASK,
    MOVE,
    PUBLISH,
    REFUSE,
    RESTORE,
    UNMASK,
    Card,
    Part,
    Place,
    Standing,
    SubjectKind,
)

AFTER = {
    "publish": Standing.PUBLIC,
    "refuse": Standing.HIDDEN,
    "hide": Standing.HIDDEN,
    "restore": Standing.PUBLIC,
    "mask": Standing.PUBLIC,
    "unmask": Standing.PUBLIC,
}


@dataclass
class Notes:
    """Stands for the feature: its notes by subject."""

    authors: dict = field(default_factory=dict)
    texts: dict = field(default_factory=dict)
    revisions: dict = field(default_factory=dict)
    standings: dict = field(default_factory=dict)
    applied: list = field(default_factory=list)

    def describe(self, subjects):
        return {
            s.pk: Card(
                title=f"Note {s.pk}",
                url=f"/notes/{s.pk}/",
                revision=self.revisions[s.pk],
                author_name=self.authors[s.pk].name if self.authors[s.pk] else "",
                parts=[Part("Text", self.texts[s.pk])],
                standing=self.standings.get(s.pk, Standing.HELD),
            )
            for s in subjects
        }

    def edit(self, case, text):
        self.texts[case.subject_id] = text
        self.revisions[case.subject_id] += 1

    def apply(self, subject, decision):
        self.applied.append((subject.pk, decision.action))
        if decision.action in AFTER:
            self.standings[subject.pk] = AFTER[decision.action]

    def revert(self, subject, decision, at):
        self.applied.append((subject.pk, f"not {decision.action}"))
        (before,) = registry.kind_of("note").action(decision.action).on[:1]
        self.standings[subject.pk] = before

    def conceal(self, subject, at):
        self.standings[subject.pk] = Standing.HIDDEN

    def reveal(self, subject, at):
        self.standings[subject.pk] = Standing.PUBLIC

    def destinations(self, subject):
        return [Place("board:1", "Here", is_current=True), Place("board:2", "There")]


@pytest.fixture
def notes():
    notes = Notes()
    kind = SubjectKind(
        name="note",
        label="Note",
        describe=notes.describe,
        author_of=lambda subject: notes.authors[subject.pk],
        revision_of=lambda subject: notes.revisions[subject.pk],
        apply=notes.apply,
        revert=notes.revert,
        conceal=notes.conceal,
        reveal=notes.reveal,
        destinations=notes.destinations,
        actions=(PUBLISH, REFUSE, KEEP, HIDE, RESTORE, MASK, MOVE, UNMASK),
    )
    before = dict(registry._kinds)
    registry.register(kind)
    yield notes
    registry._kinds.clear()
    registry._kinds.update(before)


@pytest.fixture
def make_case(db, notes, amina):
    """A note of Amina's (by default) that waits for a moderator."""

    def make(
        *, author=None, space=None, text="Some text.", at=None, trigger="new", standing=Standing.HELD, weight=0
    ) -> Case:
        subject = Subject.objects.create(kind="note", space=space)
        notes.authors[subject.pk], notes.texts[subject.pk] = author or amina, text
        notes.revisions[subject.pk], notes.standings[subject.pk] = 1, standing
        return subject.open_case(trigger, at=at or timezone.now(), weight=weight)

    return make


@pytest.fixture
def make_public(db, notes, amina):
    """A note that everybody reads and about which no case is open."""

    def make(*, author=None, text="Some text."):
        subject = Subject.objects.create(kind="note")
        notes.authors[subject.pk], notes.texts[subject.pk] = author or amina, text
        notes.revisions[subject.pk], notes.standings[subject.pk] = 1, Standing.PUBLIC
        return subject

    return make


@pytest.fixture
def case(make_case):
    return make_case()


@pytest.fixture
def reason(db):
    return Reason.objects.get(code="personal_attack")


@pytest.fixture
def decide():
    def decide(case, by, action="publish", **changes):
        fields = {"version": 0, "revision": 1, "key": uuid4(), "at": timezone.now()} | changes
        return Case.objects.get(pk=case.pk).decide(by, action, **fields)

    return decide
