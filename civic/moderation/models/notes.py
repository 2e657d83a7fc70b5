"""What moderators write for each other, and the replies that they keep ready."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from civic.moderation.models.decisions import Decision, Reason
from civic.moderation.models.kept import Kept


class Note(models.Model):
    """A few words on a case, read by those who moderate there and by nobody else."""

    LENGTH = 1000

    case = models.ForeignKey("moderation.Case", models.PROTECT, related_name="notes")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    text = models.CharField(_("note"), max_length=LENGTH)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="moderation_note_says_something")]

    def __str__(self):
        return self.text


class SavedReply(Kept):
    """A suggestion to authors that the team wrote once, to start from."""

    journal_name = "reply"

    label = models.CharField(_("short name"), max_length=80, unique=True)
    text = models.CharField(_("text"), max_length=Decision.SUGGESTION_LENGTH)
    reason = models.ForeignKey(Reason, models.PROTECT, null=True, blank=True, verbose_name=_("reason"))
    rank = models.PositiveSmallIntegerField(_("rank"), default=0)

    class Meta:
        ordering = ["rank", "label"]

    def __str__(self):
        return self.label
