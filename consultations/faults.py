"""What is wrong with an answer, as its author is told it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from civic.kernel.templatetags.typography import money
from consultations.tally import InvalidAnswer, Kind

if TYPE_CHECKING:
    from consultations.typed_answer import TypedAnswer


@dataclass(frozen=True)
class Fault:
    """A sentence, the field that it leads to, and the option that it is about, or the two."""

    sentence: str
    field: str
    option: str = ""
    other: str = ""

    def is_about(self, slug: str) -> bool:
        return slug in (self.option, self.other)


def of(error: InvalidAnswer, form: "TypedAnswer") -> Fault:
    """The sentence of an InvalidAnswer, for the question as it stands in a form."""
    slug = error.option if error.option and error.option in form.options else ""
    field = f"{form.name}-{slug or next(iter(form.options))}"
    if form.rule.kind == Kind.GRADES:
        field += "-0"
    # Of the same number twice, `limit` names the option that had it first.
    other = error.limit if error.code == "same_number" and error.limit in form.options else ""
    return Fault(_sentence(error, form, form.options[slug].label if slug else ""), field, slug, other)


def _sentence(error: InvalidAnswer, form: "TypedAnswer", label: str) -> str:
    told: dict[str, Any] = {"limit": error.limit, "found": error.found, "label": label}
    if error.code == "too_few":
        return _too_few(form, told)
    if error.code == "too_many":
        return ngettext(
            "You chose %(found)s: at most %(limit)s is allowed here.",
            "You chose %(found)s: at most %(limit)s are allowed here.",
            error.limit,
        ) % told  # fmt: skip
    if error.code == "same_number" and error.limit in form.options:
        other = form.options[error.limit].label
        return _("“%(label)s” and “%(other)s” both have the number %(found)s: each number only once.") % (
            told | {"other": other}
        )
    if error.code == "over_budget":
        currency = form.rule.currency
        over = money(error.found - error.limit, currency)
        return _("Your choice costs %(over)s more than there is: take something out.") % {"over": over}
    if error.code == "over_points":
        return ngettext(
            "You gave %(found)s points and have %(limit)s: take %(over)s away.",
            "You gave %(found)s points and have %(limit)s: take %(over)s away.",
            error.found - error.limit,
        ) % (told | {"over": error.found - error.limit})  # fmt: skip
    return (_about_option(error.code) if label else _not_proposed()) % told


def _about_option(code: str) -> str:
    return {
        "bad_number": _("“%(label)s”: write a whole number, without anything else."),
        "bad_shape": _("“%(label)s”: write a whole number, without anything else."),
        "negative_points": _("“%(label)s”: points can’t be taken away from a project."),
        "over_points_each": _("“%(label)s” has %(found)s points: at most %(limit)s for each."),
        "unknown_grade": _("“%(label)s” has a grade that is not proposed here: choose another."),
        "duplicate": _("“%(label)s” was sent twice: choose it once."),
    }.get(code, _not_proposed())


def _not_proposed() -> str:
    return _("An answer was sent that is not proposed here. Choose among those below.")


def _too_few(form: "TypedAnswer", told: dict[str, Any]) -> str:
    if form.rule.kind == Kind.SINGLE:
        return _("Choose one answer. You can also vote blank.")
    sentence = {
        Kind.MULTIPLE: ngettext(
            "Choose at least %(limit)s. You can also vote blank.",
            "Choose at least %(limit)s. You can also vote blank.",
            form.rule.minimum,
        ),
        Kind.RANKING: ngettext(
            "Rank at least %(limit)s. You can also vote blank.",
            "Rank at least %(limit)s. You can also vote blank.",
            form.rule.minimum,
        ),
        Kind.GRADES: ngettext(
            "Give a grade to at least %(limit)s. You can also vote blank.",
            "Give a grade to at least %(limit)s. You can also vote blank.",
            form.rule.minimum,
        ),
        Kind.POINTS: ngettext(
            "Give points to at least %(limit)s. You can also vote blank.",
            "Give points to at least %(limit)s. You can also vote blank.",
            form.rule.minimum,
        ),
    }[form.rule.kind]
    return sentence % told
