"""What is asked on a ballot: questions, the options of each, and the rule by which each is counted."""

from __future__ import annotations

from functools import reduce
from operator import or_

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from civic.territory.models import Quarter
from consultations import tally
from consultations.tally.question import BUDGET_RULES, COUNTINGS

TEXT_LENGTH, HELP_LENGTH, LABEL_LENGTH, DESCRIPTION_LENGTH, SLUG_LENGTH = 200, 1000, 160, 3000, 80
# Beyond this many a ballot on a phone is no longer read; an imported one is as it was.
MOST_OPTIONS = 100
MOST_QUESTIONS = 20


class QuestionKind(models.TextChoices):
    SINGLE = "single", _("one choice")
    MULTIPLE = "multiple", _("several choices")
    RANKING = "ranking", _("an order of preference")
    GRADES = "grades", _("a grade for each")
    POINTS = "points", _("points to share out")


class Counting(models.TextChoices):
    PLURALITY = "plurality", _("the most votes")
    APPROVAL = "approval", _("the most approvals")
    SCHULZE = "schulze", _("duels (Condorcet, Schulze’s method)")
    MAJORITY_JUDGMENT = "majority_judgment", _("majority judgment")
    POINTS = "points", _("the most points")
    GREEDY = "greedy", _("the most supported projects that fit the budget")
    EQUAL_SHARES = "equal_shares", _("the method of equal shares")


# Plain texts, as migrations keep them.
BUDGET = tuple(rule.value for rule in BUDGET_RULES)


def _kind_and_counting() -> Q:
    """Which rule can count what kind of answer, as the tally knows it."""
    pairs = [Q(kind=kind.value, counting__in=[rule.value for rule in rules]) for kind, rules in COUNTINGS.items()]
    return reduce(or_, pairs)


class Question(models.Model):
    """One question. `minimum` and `maximum` bound how many options an answer names; blank is always possible.

    `points_each` and `points_all` bound points per option and in all; `grades` are labels, the best first;
    `total_cost` is what a budget may spend, in `currency` (ISO 4217). `tie_order` is the options' slugs in
    the order that breaks ties, drawn by lot at the publication.
    """

    consultation = models.ForeignKey("consultations.Consultation", models.CASCADE, related_name="questions")
    rank = models.PositiveSmallIntegerField()
    slug = models.CharField(max_length=SLUG_LENGTH)
    text = models.CharField(_("question"), max_length=TEXT_LENGTH)
    help = models.CharField(_("help"), max_length=HELP_LENGTH, blank=True)
    kind = models.CharField(_("kind of answer"), max_length=10, choices=QuestionKind.choices)
    counting = models.CharField(_("rule of counting"), max_length=20, choices=Counting.choices)
    minimum = models.PositiveSmallIntegerField(_("at least"), default=1)
    maximum = models.PositiveSmallIntegerField(_("at most"), null=True, blank=True)
    points_each = models.PositiveIntegerField(_("points per option, at most"), null=True, blank=True)
    points_all = models.PositiveIntegerField(_("points in all, at most"), null=True, blank=True)
    grades = models.JSONField(_("grades, the best first"), default=list, blank=True)
    total_cost = models.DecimalField(_("budget"), max_digits=15, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    fits_budget = models.BooleanField(_("what one ballot names must fit the budget together"), default=False)
    rank_points = models.BooleanField(_("points by rank decide between projects"), default=False)
    lowest_cost_first = models.BooleanField(_("of equal projects, the cheaper first"), default=False)
    tie_order = models.JSONField(default=list, editable=False)

    class Meta:
        ordering = ["rank"]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "rank"],
                name="consultations_question_one_per_rank",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(fields=["consultation", "slug"], name="consultations_question_one_per_slug"),
            models.CheckConstraint(
                condition=Q(rank__gte=1, rank__lte=MOST_QUESTIONS), name="consultations_question_not_too_many"
            ),
            models.CheckConstraint(
                condition=_kind_and_counting(),
                name="consultations_question_kind_is_counted_so",
            ),
            models.CheckConstraint(
                condition=Q(maximum=None) | Q(maximum__gte=F("minimum")) & Q(maximum__gte=1),
                name="consultations_question_maximum_above_minimum",
            ),
            models.CheckConstraint(
                condition=~Q(counting__in=BUDGET) | Q(total_cost__isnull=False, total_cost__gt=0),
                name="consultations_question_budget_has_total",
            ),
        ]

    def __str__(self):
        return self.text

    @property
    def is_budget(self) -> bool:
        return self.counting in BUDGET

    def as_rule(self) -> tally.Question:
        """The question as the tally knows it, with its options (one query, none where they were prefetched).

        Raises tally.InvalidQuestion where its parts don't fit each other.
        """
        return tally.Question(
            slug=self.slug,
            title=self.text,
            kind=tally.Kind(self.kind),
            counting=tally.Counting(self.counting),
            options=tuple(tally.Option(option.slug, option.label, option.cost) for option in self.options.all()),
            minimum=self.minimum,
            maximum=self.maximum,
            points_each=self.points_each,
            points_total=self.points_all,
            grades=tuple(self.grades),
            budget=self.total_cost,
            currency=self.currency,
            fits_budget=self.fits_budget,
            rank_points=self.rank_points,
            lowest_cost_first=self.lowest_cost_first,
            drawn_order=tuple(self.tie_order),
        )


class Option(models.Model):
    """One answer that a ballot offers: a choice, a project with its cost, something to rank or to grade."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="options")
    rank = models.PositiveSmallIntegerField()
    slug = models.CharField(max_length=SLUG_LENGTH)
    label = models.CharField(_("label"), max_length=LABEL_LENGTH)
    description = models.CharField(_("description"), max_length=DESCRIPTION_LENGTH, blank=True)
    cost = models.DecimalField(_("cost"), max_digits=15, decimal_places=2, null=True, blank=True)
    quarter = models.ForeignKey(Quarter, models.PROTECT, null=True, blank=True, verbose_name=_("quarter"))
    # Kept for the file it came from, and never shown.
    proposer = models.CharField(max_length=200, blank=True)
    pabulib = models.JSONField(null=True, editable=False)

    class Meta:
        ordering = ["rank"]
        constraints = [
            # Ranks are counted from 1 without a second of the same: two at once never make one too many.
            models.UniqueConstraint(
                fields=["question", "rank"],
                name="consultations_option_one_per_rank",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(fields=["question", "slug"], name="consultations_option_one_per_slug"),
            models.CheckConstraint(
                condition=Q(rank__gte=1) & (Q(rank__lte=MOST_OPTIONS) | Q(pabulib__isnull=False)),
                name="consultations_option_not_too_many",
            ),
            models.CheckConstraint(condition=~Q(label=""), name="consultations_option_has_label"),
            models.CheckConstraint(condition=Q(cost=None) | Q(cost__gte=0), name="consultations_option_cost_positive"),
        ]

    def __str__(self):
        return self.label
