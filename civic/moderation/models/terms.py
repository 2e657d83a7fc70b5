"""The lists that staff keep of words and links, and where they were found."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from civic.moderation.models.kept import Kept
from civic.moderation.models.subjects import Subject


class Signal(models.TextChoices):
    """What a machine noticed. It holds a text or brings its case forward; it never hides anything."""

    WORD = "word", _("word of the list")
    LINK = "link", _("link of the list")
    DUPLICATE = "duplicate", _("same text elsewhere")
    BURST = "burst", _("many texts in a short time")
    NEWCOMER = "newcomer", _("new account")


class Effect(models.TextChoices):
    HOLD = "hold", _("held until somebody has read it")
    RANK = "rank", _("shown, and read sooner")


class TermQuerySet(models.QuerySet["Term"]):
    def in_use(self) -> TermQuerySet:
        return self.filter(is_active=True)


class Term(Kept):
    """A word or a site of the list. It is switched off, never deleted: what it found keeps its name.

    A word may be several, and may end with a star: whatever follows is found too.
    """

    class Kind(models.TextChoices):
        WORD = Signal.WORD.value, _("word")
        LINK = Signal.LINK.value, _("link")

    journal_name = "term"
    journal_codes = ("kind", "effect")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.WORD)
    pattern = models.CharField(_("word or site"), max_length=80, unique=True)
    effect = models.CharField(_("effect"), max_length=10, choices=Effect.choices, default=Effect.HOLD)
    note = models.CharField(_("note for colleagues"), max_length=200, blank=True)

    objects = TermQuerySet.as_manager()

    class Meta:
        # Words before links.
        ordering = ["-kind", "pattern"]
        constraints = [
            models.CheckConstraint(condition=~Q(pattern=""), name="moderation_term_says_something"),
            models.CheckConstraint(condition=Q(effect__in=Effect.values), name="moderation_term_effect_is_known"),
        ]

    def __str__(self):
        return self.pattern


class Screening(models.Model):
    """That a text was looked at by machine: what later ones are compared with. One for each subject."""

    subject = models.OneToOneField(Subject, models.CASCADE, related_name="screening")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    # Where it was written, as its feature names it: "thread:12".
    place = models.CharField(max_length=60, blank=True)
    # Of the folded text; "" for one too short to be the same as another by more than chance.
    fingerprint = models.CharField(max_length=64, blank=True)
    is_newcomer = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["author", "at"], name="moderation_screening_author"),
            models.Index(fields=["place", "at"], name="moderation_screening_place"),
            models.Index(fields=["fingerprint", "at"], name="moderation_screening_same"),
        ]

    def __str__(self):
        return f"{self.subject_id}"


class Match(models.Model):
    """Something noticed about a text. For words and links, `start` and `end` are its place, in characters."""

    subject = models.ForeignKey(Subject, models.CASCADE, related_name="matches")
    signal = models.CharField(max_length=10, choices=Signal.choices)
    term = models.ForeignKey(Term, models.PROTECT, null=True, related_name="+")
    start = models.PositiveIntegerField(null=True)
    end = models.PositiveIntegerField(null=True)
    excerpt = models.CharField(max_length=120, blank=True)
    # Another content with the same text.
    twin = models.ForeignKey(Subject, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["start", "pk"]
        verbose_name_plural = "matches"
        constraints = [
            models.CheckConstraint(
                condition=Q(start=None, end=None) | Q(start__lt=F("end")), name="moderation_match_has_a_place_or_none"
            ),
            models.CheckConstraint(
                condition=Q(signal__in=(Signal.WORD, Signal.LINK)) ^ Q(term=None),
                name="moderation_match_names_its_term",
            ),
        ]

    def __str__(self):
        return self.excerpt or str(self.get_signal_display())
