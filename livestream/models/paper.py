"""Documents of a sitting or of one of its items, each with its versions: what was shown once stays to be read."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Max, Q
from django.utils.translation import gettext_lazy as _

from civic.kernel.errors import DomainError
from livestream.models.passage import NotNow
from livestream.models.states import State

if TYPE_CHECKING:
    from livestream.models.item import Item
    from livestream.models.sitting import Sitting

TITLE_LENGTH = 120
LARGEST = 10 * 1024 * 1024


class SamePaper(DomainError):
    title = _("This file is there already")
    sentence = _("This session has a document with exactly this content. Nothing was added.")


class NewerVersion(DomainError):
    title = _("There is a newer version")
    sentence = _("Someone else has added a version of this document since the page was shown. You added nothing.")


class Paper(models.Model):
    sitting = models.ForeignKey("livestream.Sitting", models.CASCADE, related_name="papers")
    # None: of the sitting as a whole. That it is an item of this sitting is held by the database (migration 0001).
    item = models.ForeignKey("livestream.Item", models.CASCADE, null=True, blank=True, related_name="papers")
    title = models.CharField(_("title"), max_length=TITLE_LENGTH)
    rank = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["rank", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(title=""), name="livestream_paper_has_title")]

    def __str__(self):
        return self.title


class PaperVersionManager(models.Manager["PaperVersion"]):
    """The files themselves are read only where one is served."""

    def get_queryset(self):
        return super().get_queryset().defer("content")


class PaperVersion(models.Model):
    """A PDF as it was from `added_at` until the next one; it lies in the database, and is saved with the rest."""

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    objects = PaperVersionManager()

    class Meta:
        ordering = ["number"]
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["paper", "number"], name="livestream_paperversion_one_per_number"),
            models.CheckConstraint(condition=Q(number__gte=1), name="livestream_paperversion_counts_from_one"),
            models.CheckConstraint(condition=Q(size__gt=0, size__lte=LARGEST), name="livestream_paperversion_size"),
        ]

    def __str__(self):
        return f"{self.paper_id} v{self.number}"


@transaction.atomic
def add_paper(
    sitting: Sitting, by: Any, *, title: str, content: bytes, at: datetime, item: Item | None = None
) -> PaperVersion:
    """A new document of the sitting, or of one of its items. Raises NotAllowed, NotNow or SamePaper."""
    current = _locked(sitting, by)
    last = current.papers.aggregate(last=Max("rank"))["last"] or 0
    paper = Paper.objects.create(sitting=current, item=item, title=title, rank=last + 1)
    return _keep(paper, current, by, content, number=1, at=at)


@transaction.atomic
def add_version(paper: Paper, by: Any, *, content: bytes, seen: int, at: datetime) -> PaperVersion:
    """A version after the number that the clerk saw (`seen`). Raises what `add_paper` does, or NewerVersion."""
    current = _locked(paper.sitting, by)
    newest = paper.versions.aggregate(newest=Max("number"))["newest"] or 0
    if newest != seen:
        raise NewerVersion
    return _keep(paper, current, by, content, number=newest + 1, at=at)


@transaction.atomic
def remove_paper(paper: Paper, by: Any) -> None:
    """Take a document out of a draft; what was public stays. Raises NotAllowed or NotNow."""
    current = _locked(paper.sitting, by)
    if current.state != State.DRAFT:
        raise NotNow
    current.record("sitting.paper_removed", by, paper=paper.pk)
    paper.delete()


def _locked(sitting: Sitting, by: Any) -> Sitting:
    """Documents come before, during and after; not to a session that does not take place."""
    current = sitting.locked_for(by)
    if current.state == State.CANCELLED:
        raise NotNow
    return current


def _keep(paper: Paper, sitting: Sitting, by: Any, content: bytes, *, number: int, at: datetime) -> PaperVersion:
    sha256 = hashlib.sha256(content).hexdigest()
    if PaperVersion.objects.filter(paper__sitting=sitting, sha256=sha256).exists():
        raise SamePaper
    made = PaperVersion.objects.create(
        paper=paper, number=number, content=content, sha256=sha256, size=len(content), added_at=at, added_by=by
    )
    sitting.record("sitting.paper_added", by, paper=paper.pk, version=number)
    if paper.item_id:
        sitting.tell_page(paper.item_id)
    else:
        sitting.tell_changed()
    return made
