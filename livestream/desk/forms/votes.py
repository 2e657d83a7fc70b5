"""A vote of the council as it is entered: by group then exceptions, member by member, or totals alone."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from civic.kernel.fields import Line, boxed
from civic.kernel.kept import replaced
from livestream.models import Choice, Councillor, Division, Item, Method, Quorum, Totals
from livestream.models.division import SUBJECT_LENGTH, NoQuorum, RecordedMeanwhile, WrongTotals

TOTALS = {
    "in_favour": _("For"),
    "against": _("Against"),
    "abstentions": _("Abstention"),
    "not_taking_part": _("Not taking part"),
}


@dataclass(frozen=True)
class Voters:
    """Who can vote at one moment: by id the member, and of those who are represented the name of who votes for them."""

    members: list[Councillor]
    holders: dict[int, str]
    quorum: Quorum

    @property
    def key(self) -> str:
        """Tells whether somebody came or left since."""
        return " ".join(str(pk) for pk in sorted(member.pk for member in self.members))


class DivisionForm(forms.Form):
    """What every way of voting has; a correction stands over `former`, and keeps its subject."""

    subject = Line(
        label=_("What is voted on"),
        max_length=SUBJECT_LENGTH,
        required=False,
        help_text=_("Empty: the item itself. Otherwise what is voted on apart: “Amendment 2”."),
    )
    # The vote that the page showed, if there was one, and who could vote.
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    voters_seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, item: Item, voters: Voters, former: Division | None, **options: Any):
        self.item, self.voters, self.former = item, voters, former
        self.is_conflict = False
        initial = {"seen": former.pk if former else None, "voters_seen": voters.key}
        super().__init__(data, initial=initial, **options)
        if former:
            del self.fields["subject"]
        self.ask()

    def ask(self) -> None:
        """Add the fields of this way of voting."""

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        typed["subject"] = self.former.subject if self.former else typed.get("subject", "")
        present = self.item.divisions.filter(subject=typed["subject"], replaced_by=None).first()
        if (present.pk if present else None) != typed.get("seen"):
            raise self.conflict(RecordedMeanwhile.sentence, seen=str(present.pk) if present else "")
        if typed.get("voters_seen") != self.voters.key:
            said = _("Somebody came or left since this page was shown. Look again at who votes how.")
            raise self.conflict(said, voters_seen=self.voters.key)
        if not self.voters.quorum.is_reached:
            raise self.conflict(NoQuorum.sentence)
        return typed

    def conflict(self, sentence: Any, **shown: str) -> ValidationError:
        """What was chosen stays in the page that answers; sent again, it stands over what that page shows."""
        self.is_conflict = True
        self.data = replaced(self.data, **shown)
        return ValidationError(sentence, code="changed_meanwhile")

    @property
    def voices(self) -> dict[int, str] | None:
        return None

    @property
    def totals(self) -> Totals | None:
        return None


class HandsForm(DivisionForm):
    """A choice for each group, and for members who differ from theirs."""

    def ask(self) -> None:
        self.sides = {member.group: [] for member in self.voters.members}  # type: dict[Any, list[Councillor]]
        for member in self.voters.members:
            self.sides[member.group].append(member)
        before = voices_of(self.former)
        for group, members in self.sides.items():
            counted = Counter(before[member.pk] for member in members if member.pk in before)
            usual = counted.most_common(1)[0][0] if counted else Choice.FOR
            self.fields[f"group_{group.pk}"] = forms.ChoiceField(
                label=group.name, choices=Choice.choices, initial=usual
            )
            for member in members:
                own = before.get(member.pk, usual)
                self.fields[f"member_{member.pk}"] = forms.ChoiceField(
                    label=named(member, self.voters),
                    choices=[("", _("as the group")), *Choice.choices],
                    required=False,
                    initial="" if own == usual else own,
                )

    @property
    def groups(self) -> list[dict[str, Any]]:
        """For the page: each group's field, and those of its members."""
        return [
            {
                "field": self[f"group_{group.pk}"],
                "members": [self[f"member_{member.pk}"] for member in members],
                "is_open": any(self[f"member_{member.pk}"].value() for member in members),
            }
            for group, members in self.sides.items()
        ]

    @property
    def voices(self) -> dict[int, str]:
        given = self.cleaned_data
        return {
            member.pk: given[f"member_{member.pk}"] or given[f"group_{member.group_id}"]
            for member in self.voters.members
        }


class RollCallForm(DivisionForm):
    """One after the other, as they are called."""

    def ask(self) -> None:
        before = voices_of(self.former)
        for member in sorted(self.voters.members, key=lambda each: (each.rank, each.name)):
            self.fields[f"member_{member.pk}"] = forms.ChoiceField(
                label=named(member, self.voters),
                choices=[("", _("Choose")), *Choice.choices],
                initial=before.get(member.pk, ""),
            )

    @property
    def called(self) -> list[Any]:
        return [self[name] for name in self.fields if name.startswith("member_")]

    @property
    def voices(self) -> dict[int, str]:
        return {member.pk: self.cleaned_data[f"member_{member.pk}"] for member in self.voters.members}


class SecretForm(DivisionForm):
    """How many voted how, and nothing of who (CGCT L2121-21)."""

    def ask(self) -> None:
        known = self.former.totals if self.former and self.former.is_secret else None
        for name, label in TOTALS.items():
            self.fields[name] = forms.IntegerField(
                label=label, min_value=0, max_value=1000, widget=boxed(), initial=getattr(known, name, 0)
            )

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        counted = [typed.get(name) for name in TOTALS]
        if None not in counted and sum(counted) > len(self.voters.members):  # type: ignore[arg-type]
            raise ValidationError(WrongTotals.sentence, code="too_many")
        return typed

    @property
    def totals(self) -> Totals:
        return Totals(*(self.cleaned_data[name] for name in TOTALS))


FORMS: dict[str, type[DivisionForm]] = {
    Method.HANDS: HandsForm,
    Method.ROLL_CALL: RollCallForm,
    Method.SECRET: SecretForm,
}


def voices_of(division: Division | None) -> dict[int, str]:
    if division is None:
        return {}
    return dict(division.voices.values_list("councillor", "choice"))


def named(member: Councillor, voters: Voters) -> Any:
    holder = voters.holders.get(member.pk)
    if not holder:
        return member.name
    return _("%(name)s (by %(holder)s)") % {"name": member.name, "holder": holder}
