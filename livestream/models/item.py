"""Items of the agenda: what is examined, in which order, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.postgres.expressions import ArraySubquery
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from civic.comments.models import Thread
from civic.territory.models import Quarter, Theme
from livestream.models.council import Councillor
from livestream.models.passage import Passage

if TYPE_CHECKING:
    from livestream.models.division import Division

TITLE_LENGTH, SUMMARY_LENGTH, NUMBER_LENGTH, RAPPORTEUR_LENGTH = 200, 1500, 12, 120
MOST_ITEMS = 200
# Two levels of the national nomenclature of acts (@CTES), as SCDL asks for.
MATTER_CODE = r"^\d\.\d{1,2}$"
MATTER = RegexValidator(MATTER_CODE, _("Write the code of the matter as 7.5."))


class ItemKind(models.TextChoices):
    DELIBERATION = "deliberation", _("Deliberation")
    INFORMATION = "information", _("Information")
    QUESTION = "question", _("Question")
    MOTION = "motion", _("Motion")


class CommentMode(models.TextChoices):
    OFF = "off", _("no comments")
    BEFORE = "before", _("comments, moderated before they are shown")
    AFTER = "after", _("comments, moderated after they are shown")
    QUESTIONS = "questions", _("questions to the council")


class ItemState(models.TextChoices):
    TO_COME = "to_come", _("To come")
    CURRENT = "current", _("Now")
    DONE = "done", _("Examined")
    WITHDRAWN = "withdrawn", pgettext_lazy("agenda item", "Withdrawn")
    POSTPONED = "postponed", _("Postponed")


class ItemQuerySet(models.QuerySet):
    def with_state(self) -> ItemQuerySet:
        """With what the state is read from, in one query for any number of rows: when it was begun, each time."""
        passages = Passage.objects.filter(item=OuterRef("pk"))
        begun_at = ArraySubquery(passages.order_by("begins_at").values("begins_at"))
        return self.annotate(begun_at=begun_at, is_current=Exists(passages.filter(ends_at=None)))


class Item(models.Model):
    """A point of the agenda. It is examined during its passages, which are the chapters of the replay."""

    sitting = models.ForeignKey("livestream.Sitting", models.CASCADE, related_name="items")
    rank = models.PositiveSmallIntegerField()
    # As it is printed on the agenda ("3", "3 bis"); the rank decides the order.
    number = models.CharField(_("number"), max_length=NUMBER_LENGTH)
    title = models.CharField(_("title"), max_length=TITLE_LENGTH)
    kind = models.CharField(_("kind"), max_length=12, choices=ItemKind.choices, default=ItemKind.DELIBERATION)
    summary = models.CharField(_("summary in plain words"), max_length=SUMMARY_LENGTH, blank=True)
    # A member who presents it, or somebody else by name.
    rapporteur = models.ForeignKey(
        Councillor, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("presented by")
    )
    planned_minutes = models.PositiveSmallIntegerField(_("planned minutes"), default=10)
    comment_mode = models.CharField(
        _("comments"), max_length=10, choices=CommentMode.choices, default=CommentMode.AFTER
    )
    theme = models.ForeignKey(Theme, models.PROTECT, null=True, blank=True, verbose_name=_("theme"))
    quarter = models.ForeignKey(Quarter, models.PROTECT, null=True, blank=True, verbose_name=_("quarter"))
    # The number under which the deliberation is sent to the prefecture and published.
    deliberation_number = models.CharField(_("number of the deliberation"), max_length=40, blank=True)
    matter_code = models.CharField(_("matter"), max_length=4, blank=True, validators=[MATTER])
    # Its debate, from the convocation on, where it takes comments.
    thread = models.OneToOneField(Thread, models.PROTECT, null=True, related_name="item")
    withdrawn_at = models.DateTimeField(null=True)
    postponed_at = models.DateTimeField(null=True)

    objects = ItemQuerySet.as_manager()

    class Meta:
        ordering = ["rank"]
        constraints = [
            # Deferred: items change places within one transaction.
            models.UniqueConstraint(
                fields=["sitting", "rank"],
                name="livestream_item_one_per_rank",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(fields=["sitting", "number"], name="livestream_item_one_per_number"),
            models.UniqueConstraint(
                fields=["deliberation_number"],
                condition=~Q(deliberation_number=""),
                name="livestream_item_one_per_deliberation",
            ),
            models.CheckConstraint(condition=~Q(title="") & ~Q(number=""), name="livestream_item_has_title"),
            models.CheckConstraint(condition=Q(kind__in=ItemKind.values), name="livestream_item_kind_is_known"),
            models.CheckConstraint(
                condition=Q(comment_mode__in=CommentMode.values), name="livestream_item_comment_mode_is_known"
            ),
            models.CheckConstraint(
                condition=Q(planned_minutes__gte=1, planned_minutes__lte=600), name="livestream_item_planned_minutes"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(postponed_at=None), name="livestream_item_withdrawn_or_postponed"
            ),
            models.CheckConstraint(
                condition=Q(matter_code="") | Q(matter_code__regex=MATTER_CODE),
                name="livestream_item_matter_code_is_one",
            ),
        ]

    def __str__(self):
        return f"{self.number}. {self.title}"

    def get_absolute_url(self) -> str:
        return f"{self.sitting.get_absolute_url()}#{self.anchor}"

    @property
    def anchor(self) -> str:
        """Where it stands on the page of its sitting."""
        return f"item-{self.pk}"

    @property
    def is_off(self) -> bool:
        """Whether it is no longer to be examined in this sitting."""
        return self.withdrawn_at is not None or self.postponed_at is not None

    @property
    def state(self) -> ItemState:
        """Read from its passages (one query where `with_state` did not bring them)."""
        if self.withdrawn_at:
            return ItemState.WITHDRAWN
        if self.postponed_at:
            return ItemState.POSTPONED
        if "begun_at" in vars(self):
            was_begun, is_current = bool(vars(self)["begun_at"]), vars(self)["is_current"]
        else:
            ends = list(self.passages.values_list("ends_at", flat=True))
            was_begun, is_current = bool(ends), None in ends
        if is_current:
            return ItemState.CURRENT
        return ItemState.DONE if was_begun else ItemState.TO_COME

    @property
    def current_divisions(self) -> list[Division]:
        """Votes that no later entry replaces, the decision itself last (out of `divisions`)."""
        rows = list(self.divisions.all())
        replaced = {row.replaces_id for row in rows}
        return sorted((row for row in rows if row.pk not in replaced), key=lambda row: (row.subject == "", row.pk))

    @property
    def decision(self) -> Division | None:
        """The vote on the item as a whole: on its text, where amendments were voted on before."""
        return next((division for division in self.current_divisions if not division.subject), None)
