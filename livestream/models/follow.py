"""Who is told when a sitting, an item or a theme begins; each mail is written once."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from civic.territory.models import Quarter, Theme
from livestream.models.item import Item
from livestream.models.passage import Passage

if TYPE_CHECKING:
    from livestream.models.sitting import Sitting


class FollowQuerySet(models.QuerySet["Follow"]):
    def of_places(self) -> FollowQuerySet:
        """Themes and quarters, in whatever sitting they come up."""
        return self.filter(sitting=None, item=None)

    def of_sitting(self, sitting: Sitting) -> FollowQuerySet:
        """The sitting itself and its items."""
        return self.filter(Q(sitting=sitting) | Q(item__sitting=sitting))

    @transaction.atomic
    def choose(
        self, user: Any, sitting: Sitting, *, whole: bool, items: Collection[Item], among: Collection[Item]
    ) -> None:
        """Follow the sitting or not, and of the items in `among` those in `items`."""
        own = self.filter(user=user)
        own.filter(Q(item__in=[item.pk for item in among if item not in items])).delete()
        if not whole:
            own.filter(sitting=sitting).delete()
        self._add(user, "item", items)
        self._add(user, "sitting", [sitting] if whole else [])

    @transaction.atomic
    def choose_places(self, user: Any, *, themes: Collection[Theme], quarters: Collection[Quarter]) -> None:
        own = self.filter(user=user).of_places()
        own.exclude(Q(theme__in=themes) | Q(quarter__in=quarters)).delete()
        self._add(user, "theme", themes)
        self._add(user, "quarter", quarters)

    def _add(self, user: Any, kind: str, chosen: Iterable[models.Model]) -> None:
        """What is followed already stays as it is: it was followed since then."""
        Follow.objects.bulk_create([Follow(user=user, **{kind: each}) for each in chosen], ignore_conflicts=True)


class Follow(models.Model):
    """One person and one thing that they follow."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="sitting_follows")
    sitting = models.ForeignKey("livestream.Sitting", models.CASCADE, null=True, related_name="follows")
    item = models.ForeignKey(Item, models.CASCADE, null=True, related_name="follows")
    theme = models.ForeignKey(Theme, models.CASCADE, null=True, related_name="+")
    quarter = models.ForeignKey(Quarter, models.CASCADE, null=True, related_name="+")
    since = models.DateTimeField(db_default=Now())

    objects = FollowQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(sitting__isnull=False, item=None, theme=None, quarter=None)
                | Q(sitting=None, item__isnull=False, theme=None, quarter=None)
                | Q(sitting=None, item=None, theme__isnull=False, quarter=None)
                | Q(sitting=None, item=None, theme=None, quarter__isnull=False),
                name="livestream_follow_one_thing",
            ),
            models.UniqueConstraint(
                fields=["user", "sitting", "item", "theme", "quarter"],
                nulls_distinct=False,
                name="livestream_follow_once",
            ),
        ]

    def __str__(self):
        return f"{self.user_id}"


class Moment(models.TextChoices):
    SOON = "soon", _("in about ten minutes")
    BEGINS = "begins", _("begins")
    CANCELLED = "cancelled", _("does not take place")
    MOVED = "moved", _("is at another hour or place")


class Told(models.Model):
    """That a person was told of a moment of an item, or of a sitting: never twice, whatever they follow.

    `passage` is what was examined when the mail was written: when that click is taken back, mails that have not
    left are taken back with it, and their rows go. The key of a mail is its row's, so that a later one is another.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    item = models.ForeignKey(Item, models.CASCADE, null=True, related_name="told")
    sitting = models.ForeignKey("livestream.Sitting", models.CASCADE, null=True, related_name="told")
    moment = models.CharField(max_length=10, choices=Moment.choices)
    passage = models.ForeignKey(Passage, models.SET_NULL, null=True, related_name="told")
    told_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "item", "sitting", "moment"], nulls_distinct=False, name="livestream_told_once"
            ),
            models.CheckConstraint(
                condition=Q(item=None, sitting__isnull=False) | Q(item__isnull=False, sitting=None),
                name="livestream_told_of_one_thing",
            ),
            models.CheckConstraint(condition=Q(moment__in=Moment.values), name="livestream_told_moment_is_known"),
        ]

    def __str__(self):
        return f"{self.moment} {self.told_at:%Y-%m-%d %H:%M}"

    @property
    def key(self) -> str:
        """Of its mail, in the outbox."""
        return f"sitting:told:{self.pk}"


def forget_before(moment: datetime) -> int:
    """Erase whom was told what before then: nobody can be told it a second time any more."""
    return Told.objects.filter(told_at__lt=moment).delete()[0]
