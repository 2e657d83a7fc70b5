"""What a feature tells moderation about its content: a few functions for each kind, given in its `apps.py`.

    registry.register(SubjectKind(
        name="petition", label=_("Petition"), template="petitions/_moderation_card.html",
        describe=review.describe, author_of=review.author_of,
        revision_of=review.revision_of, apply=review.apply, revert=review.revert,
        conceal=review.conceal, reveal=review.reveal, actions=(PUBLISH, REFUSE, KEEP, HIDE, RESTORE),
    ))

The order of locks is one for all: the case first, the owner's row second. An author's edit locks
only the owner's row; whoever needs both calls `subject.lock_case()` before touching the owner.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from textwrap import shorten
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from civic.kernel.text import clean_text

if TYPE_CHECKING:
    from civic.accounts.models import User
    from civic.moderation.models import Decision, Subject
    from civic.moderation.screening.marking import Marked

Label = str | Promise


class Standing(StrEnum):
    """Where a content stands for the public; what can be decided follows from it."""

    HELD = "held"  # waits, and only its author and moderators read it
    PUBLIC = "public"
    HIDDEN = "hidden"


@dataclass(frozen=True)
class Action:
    """What a moderator can decide. One that `restricts` needs a reason and gives a statement of reasons."""

    name: str
    label: Label
    # How the measure reads in the statement and in the list of decisions: "refused".
    measure: Label
    restricts: bool = False
    on: Sequence[Standing] = (Standing.HELD,)
    # The single key that asks for it on the desk.
    key: str = ""
    # What must come with it, a parameter of `Case.decide`: "masked_text" or "destination".
    needs: str = ""
    # What the author is written (a name in templates/emails/); "" where nothing changes for them.
    letter: str = ""
    # The action that takes a restriction back when an appeal is upheld.
    remedy: str = ""


HELD, PUBLIC, HIDDEN = Standing.HELD, Standing.PUBLIC, Standing.HIDDEN
STATEMENT = "moderation_statement"

PUBLISH = Action("publish", _("Publish"), _("published"), key="p", letter="moderation_accepted")
REFUSE = Action("refuse", _("Refuse"), _("refused"), True, key="r", letter=STATEMENT, remedy="publish")
# Reports were unfounded: nothing changes, and the author is not troubled with it.
KEEP = Action("keep", _("Leave as it is"), _("left as it is"), on=(PUBLIC,), key="p")
HIDE = Action("hide", _("Hide"), _("hidden"), True, on=(PUBLIC,), key="h", letter=STATEMENT, remedy="restore")
RESTORE = Action("restore", _("Show again"), _("shown again"), on=(HIDDEN,), key="p", letter="moderation_restored")
# Words are cut out of the first part of the card; the rest is public.
MASK = Action(
    "mask", _("Publish without some words"), _("published without some words"), True,
    on=(HELD, PUBLIC), key="m", needs="masked_text", letter=STATEMENT, remedy="unmask",
)  # fmt: skip
# The whole text again, hidden or not: an upheld appeal gives it back, nobody decides it on an ordinary case.
UNMASK = Action("unmask", _("Show the whole text"), _("shown whole again"), on=())
MOVE = Action("move", _("Move"), _("moved"), on=(HELD, PUBLIC), key="v", needs="destination", letter="moderation_moved")

# The answers to an appeal that change nothing about the content; nobody decides them on an ordinary case.
UPHOLD = Action("uphold", _("Uphold the appeal"), _("appeal upheld"), on=())
DISMISS = Action("dismiss", _("Dismiss the appeal"), _("appeal dismissed"), on=())
# After these, what was decided about showing the text still holds.
LEAVES_AS_IT_IS = (KEEP.name, MOVE.name, UNMASK.name, UPHOLD.name, DISMISS.name)
MASKS = (MASK.name, UNMASK.name)


@dataclass(frozen=True)
class Place:
    """Somewhere a content can be moved to; `code` means something to its kind only."""

    code: str
    label: Label
    is_current: bool = False


@dataclass(frozen=True)
class Part:
    """A labelled text of the content, as its author wrote it: what the moderator reads and what is compared.

    One that `is_rich` is Markdown: it is read as the public will see it, and compared as it was written.
    """

    label: Label
    text: str
    is_rich: bool = False
    # On the desk, the same text cut at what a machine noticed in it (screening.marking).
    pieces: Sequence[Marked] = ()

    @property
    def html(self) -> SafeString:
        return clean_text(self.text)


@dataclass(frozen=True)
class Card:
    """How one subject is shown in the queue and on its case, at `revision`."""

    title: str
    url: str
    revision: int
    # Whether the title is the content's own; else it is that of its place, and its words come first on the desk.
    has_title: bool = True
    parts: Sequence[Part] = ()
    author_name: str = ""
    author: User | None = None
    standing: Standing = Standing.HELD
    # More for the kind's own template, which also gets `card`, `case` and `subject`.
    context: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What tells it from others in a list: its own title or else its first words."""
        words = " ".join(self.parts[0].text.split()) if self.parts and not self.has_title else ""
        return shorten(words, 100, placeholder="…") if words else self.title


@dataclass(frozen=True)
class SubjectKind:
    """One kind of content.

    describe(subjects): a Card for each subject's pk, in a bounded number of queries; locks nothing.
    author_of(subject): the account that wrote it, or None.
    revision_of(subject): the number of the author's edits, having **locked the owner's row** (FOR UPDATE).
    apply(subject, decision): what the decision does to the owner (locked by revision_of just before, in
        the same transaction). `decision` has .action, .reason, .suggestion, .masked_text, .destination,
        .by, .at and .revision.
    revert(subject, decision, at): takes that back, on a locked owner too; the content then stands as before.
        May raise a DomainError where life went on. Without it, decisions can't be undone.
    conceal(subject, at), reveal(subject, at): hide a public content before anything is decided (a case that
        is set apart), and show it again.
    destinations(subject): the places that MOVE knows, the present one among them.
    lock_places(subject, codes): lock the present place and those, in one order for all, before the owner's row:
        two moves in opposite directions wait for one another, and not in a circle.
    where(subjects): the kind of place of each, in a word, where it is not its space's; for the public register.
    context_of(subject, card): what the desk shows around it (what it answers, where it stands in a video).
    target: within which time the city wants to have decided.
    """

    name: str
    label: Label
    describe: Callable[[Sequence[Subject]], Mapping[int, Card]]
    author_of: Callable[[Subject], User | None]
    revision_of: Callable[[Subject], int]
    apply: Callable[[Subject, Decision], None]
    revert: Callable[[Subject, Decision, datetime], None] | None = None
    conceal: Callable[[Subject, datetime], None] | None = None
    reveal: Callable[[Subject, datetime], None] | None = None
    destinations: Callable[[Subject], Sequence[Place]] | None = None
    lock_places: Callable[[Subject, Sequence[str]], None] | None = None
    where: Callable[[Sequence[Subject]], Mapping[int, str]] | None = None
    context_of: Callable[[Subject, Card], Mapping[str, Any]] | None = None
    actions: Sequence[Action] = (PUBLISH, REFUSE)
    template: str = "moderation/_card.html"
    target: timedelta = timedelta(days=15)

    def action(self, name: str) -> Action | None:
        return next((action for action in (*self.actions, UPHOLD, DISMISS) if action.name == name), None)


_kinds: dict[str, SubjectKind] = {}


def register(kind: SubjectKind) -> None:
    _kinds[kind.name] = kind


def kind_of(name: str) -> SubjectKind:
    """The kind registered under that name; KeyError where no installed app did."""
    return _kinds[name]


def describe(subjects: Iterable[Subject]) -> dict[int, Card]:
    """A card for each subject's pk, whatever their kinds; none where the content itself is gone."""
    by_kind: dict[str, list[Subject]] = {}
    for subject in subjects:
        by_kind.setdefault(subject.kind, []).append(subject)
    return {pk: card for name, found in by_kind.items() for pk, card in kind_of(name).describe(found).items()}


def where(subjects: Iterable[Subject]) -> dict[int, str]:
    """The kind of place of each, which names nothing and nobody: its kind's word, its space's, or the whole city."""
    found: dict[int, str] = {}
    by_kind: dict[str, list[Subject]] = {}
    for subject in subjects:
        by_kind.setdefault(subject.kind, []).append(subject)
        found[subject.pk] = subject.space.kind_label if subject.space else gettext("Whole city")
    for name, among in by_kind.items():
        if name in _kinds and (find := _kinds[name].where):
            found |= find(among)
    return found


def registered() -> list[SubjectKind]:
    return list(_kinds.values())
