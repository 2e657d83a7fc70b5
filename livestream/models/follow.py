"""Who is told when a sitting, an item or a theme begins; each mail is written once."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from civic.territory.models import Quarter, Theme
from livestream.models.item import Item


class Follow(models.Model):
    """One person and one thing that they follow."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="sitting_follows")
    sitting = models.ForeignKey("livestream.Sitting", models.CASCADE, null=True, related_name="follows")
    item = models.ForeignKey(Item, models.CASCADE, null=True, related_name="follows")
    theme = models.ForeignKey(Theme, models.CASCADE, null=True, related_name="+")
    quarter = models.ForeignKey(Quarter, models.CASCADE, null=True, related_name="+")
    since = models.DateTimeField(db_default=Now())

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


class Told(models.Model):
    """That a person was told of a moment of an item: never twice, whatever they follow and however often it begins."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    item = models.ForeignKey(Item, models.CASCADE, related_name="told")
    moment = models.CharField(max_length=6, choices=Moment.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "item", "moment"], name="livestream_told_once"),
            models.CheckConstraint(condition=Q(moment__in=Moment.values), name="livestream_told_moment_is_known"),
        ]

    def __str__(self):
        return f"{self.item_id} {self.moment}"
