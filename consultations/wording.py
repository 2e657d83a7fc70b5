"""How an answer is asked for and how it is counted, in plain words."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from civic.kernel.templatetags.typography import money
from consultations.tally import Counting, Kind
from consultations.tally import Question as Rule


def how_to_answer(rule: Rule) -> str:
    """What one does on the page of that question, in a sentence or two."""
    return {
        Kind.SINGLE: _one,
        Kind.MULTIPLE: _several,
        Kind.RANKING: _order,
        Kind.GRADES: _grade,
        Kind.POINTS: _share,
    }[rule.kind](rule)


def _one(rule: Rule) -> str:
    return _("Choose one answer.")


def _several(rule: Rule) -> str:
    if rule.fits_budget and rule.budget is not None:
        total = money(rule.budget, rule.currency)
        return _("Choose the projects that you want, as long as they fit into %(total)s.") % {"total": total}
    bounds = {"least": rule.minimum, "most": rule.most}
    if rule.minimum > 1:
        return _("Choose between %(least)s and %(most)s answers.") % bounds
    if rule.most < len(rule.options):
        return ngettext("Choose %(most)s answer at most.", "Choose up to %(most)s answers.", rule.most) % bounds
    return _("Choose as many answers as you like.")


def _order(rule: Rule) -> str:
    said = _("Write 1 beside what you prefer, then 2, and so on; or use the buttons. What has no number comes last.")
    if rule.most < len(rule.options):
        said += " " + ngettext("Rank %(most)s at most.", "Rank up to %(most)s.", rule.most) % {"most": rule.most}
    return said


def _grade(rule: Rule) -> str:
    return _("Give a grade to each. The same grade may be given several times; none at all counts as “%(worst)s”.") % {
        "worst": rule.grades[-1]
    }


def _share(rule: Rule) -> str:
    bounds = {"each": rule.points_each, "all": rule.points_total}
    if rule.points_total is None:
        return _("Give each from 0 to %(each)s points.") % bounds
    if rule.points_each is None or rule.points_each >= rule.points_total:
        return _("You have %(all)s points to share out as you like.") % bounds
    return _("You have %(all)s points to share out, at most %(each)s for each.") % bounds


def unranked() -> str:
    return _("Those that you did not rank come last, as equals.")


def ungraded(rule: Rule, number: int) -> str:
    return ngettext(
        "%(number)s without a grade counts as “%(worst)s”.", "%(number)s without a grade count as “%(worst)s”.", number
    ) % {"number": number, "worst": rule.grades[-1]}


def how_it_is_counted(counting: str) -> str:
    """The rule of counting, as one explains it to a neighbour."""
    return {
        Counting.PLURALITY: _("The answer with the most votes comes first. Blank votes are counted and shown apart."),
        Counting.APPROVAL: _("Each choice gives a vote to each answer in it. The one with the most votes comes first."),
        Counting.SCHULZE: _(
            "Each answer is held against each other one, two by two: who is preferred by more people wins that duel. "
            "The answer that wins all its duels comes first; where none does, the method of Schulze decides."
        ),
        Counting.MAJORITY_JUDGMENT: _(
            "For each answer we look for the grade in the middle: half of the people gave this grade or a better one. "
            "The best middle grade wins. This is called majority judgment."
        ),
        Counting.POINTS: _("The points are added up. The one with the most points comes first."),
        Counting.GREEDY: _(
            "The projects with the most support are taken first, as long as there is money for them. One that no "
            "longer fits is passed over, and the next one is looked at."
        ),
        Counting.EQUAL_SHARES: _(
            "The budget is divided equally among all voters. A project is taken when those who chose it can pay for it "
            "together with their shares: each group of people gets its part. This is the method of equal shares."
        ),
    }[Counting(counting)]
