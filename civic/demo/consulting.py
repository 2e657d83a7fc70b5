"""Consultations of each kind and at each stage, with ballots. All invented, but for the file of Toulouse."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

import consultations
from civic.accounts.models import Residence as VerifiedResidence
from civic.accounts.models import Right, Role, User
from civic.demo.chance import series
from civic.demo.days import Days
from civic.demo.keyring import key_pair
from civic.demo.residents import Resident, choose
from civic.demo.texts import load
from civic.territory.models import Quarter, Theme
from consultations import codes, counting
from consultations.box import Content, paper_of, written
from consultations.eligibility import keys_of_accounts, roll_key
from consultations.importing import import_pabulib
from consultations.models import (
    Consultation,
    Envelope,
    OpenBallot,
    Option,
    Phase,
    Question,
    RollEntry,
    Scrutineer,
    Secrecy,
    Turnout,
)
from consultations.proclamation import proclaim

TOULOUSE = Path(consultations.__file__).parent / "samples" / "france_toulouse_2019.pb"
TOULOUSE_TITLE = "Budget participatif de Toulouse, 2019"
IMPORTED = timedelta(days=16)
OPENS, CLOSES = 8, 20
# Of a hundred voters, how many come by each way; those on paper would leave no ballot in this box.
WAYS = {"online": 86, "counter": 11, "post": 3}
# Who of the cast has voted in what is over; in what is open they may still.
VOTED = ("bruno", "camille")
ASKED = (
    *("slug", "text", "help", "kind", "counting", "minimum", "maximum", "grades"),
    *("points_each", "points_all", "total_cost", "fits_budget"),
)
TEXTS = ("title", "summary", "description", "easy_read", "secrecy", "residence", "quorum")


class Consultations:
    """What is asked of the invented city, and what it answered."""

    def __init__(self, residents: Sequence[Resident], people: Mapping[str, User], *, now: datetime):
        self.residents, self.people, self.now = residents, people, now
        self.days = Days(now)
        self.clerk = people["colette"]
        self.quarters = {quarter.slug: quarter for quarter in Quarter.objects.all()}
        self.themes = {theme.slug: theme for theme in Theme.objects.all()}

    def fill(self) -> int:
        """Returns how many there are."""
        self._verify()
        content = TOULOUSE.read_bytes()
        import_pabulib(content, filename=TOULOUSE.name, title=TOULOUSE_TITLE, at=self.now - IMPORTED)
        stories = load("consultations")["consultations"]
        for told in stories:
            self._tell(told, series(f"consultation:{told['key']}"))
        return len(stories) + 1

    def _verify(self) -> None:
        """Some of the cast have shown at a counter where they live."""
        VerifiedResidence.objects.bulk_create(
            VerifiedResidence(
                user=self.people[key],
                # Invented: no name and no birth date was typed.
                person_key=f"demo:{key}",
                quarter=self.people[key].quarter,
                postal_code="38130",
                verified_at=self.now - timedelta(days=90),
                until=self.now + timedelta(days=640),
                verified_by=self.clerk,
            )
            for key in VOTED
        )

    def _tell(self, told: Mapping[str, Any], rng: Random) -> None:
        consultation = self._write(told)
        for key in told["scrutineers"]:
            self._entrust(consultation, key)
        first = min(phase.opens_at for phase in consultation.phases.all())
        consultation.publish(self.clerk, at=first)
        opens_at, closes_at = (self.days.ago(days, hour=hour) for days, hour in self._of_vote(told))
        if opens_at > self.now:
            return
        if consultation.secrecy == Secrecy.NAMED:
            Ballots(consultation, told, rng).fill(self._named_voters(consultation, told, rng), ways={"online": 1})
        else:
            Ballots(consultation, told, rng).fill(self._voters(consultation, told, rng, is_over=closes_at <= self.now))
        if told.get("is_proclaimed"):
            self._settle(consultation, told, at=closes_at + timedelta(hours=14))

    @staticmethod
    def _of_vote(told: Mapping[str, Any]) -> Iterator[tuple[int, int]]:
        return zip(told["phases"]["vote"], (OPENS, CLOSES), strict=True)

    def _write(self, told: Mapping[str, Any]) -> Consultation:
        texts = {name: told[name] for name in TEXTS}
        consultation = Consultation.draft(self.clerk, theme=self.themes[told["theme"]], **texts)
        consultation.quarters.set(self.quarters[slug] for slug in told["quarters"])
        Phase.objects.bulk_create(
            Phase(
                consultation=consultation,
                kind=kind,
                opens_at=self.days.ago(begins, hour=OPENS),
                closes_at=self.days.ago(ends, hour=CLOSES),
            )
            for kind, (begins, ends) in told["phases"].items()
        )
        for rank, asked in enumerate(told["questions"], 1):
            fields = {name: asked[name] for name in ASKED if name in asked}
            question = Question.objects.create(consultation=consultation, rank=rank, **{"minimum": 0} | fields)
            Option.objects.bulk_create(
                Option(
                    question=question,
                    rank=place,
                    slug=option["slug"],
                    label=option["label"],
                    description=option.get("description", ""),
                    cost=option.get("cost"),
                    quarter=self.quarters.get(option.get("quarter", "")),
                )
                for place, option in enumerate(asked["options"], 1)
            )
        return consultation

    def _entrust(self, consultation: Consultation, key: str) -> None:
        """Make somebody of the cast a scrutineer, with a key that is tried already."""
        user, at = self.people[key], consultation.phases.all()[0].opens_at - timedelta(days=2)
        if not Authenticator.objects.filter(user=user).exists():
            TOTP.activate(user, generate_totp_secret())
        Right.objects.give(user, Role.SCRUTINEER, at=at, by=self.clerk, space=consultation.space)
        Scrutineer.objects.create(
            consultation=consultation,
            user=user,
            rank=consultation.scrutineers.count() + 1,
            public_key=key_pair(key, consultation.pk).public,
            key_given_at=at,
            tested_at=at,
        )

    def _named_voters(self, consultation: Consultation, told: Mapping[str, Any], rng: Random) -> dict[str, int | None]:
        """Residents with an account, whose names stand beside their votes; none of the cast nor of the staff."""
        cast = {user.pk for user in self.people.values()}
        staff = set(Right.objects.values_list("user", flat=True))
        known = [(key, user.pk) for user, key in keys_of_accounts(consultation) if user.pk not in cast | staff]
        return dict(rng.sample(known, told["votes"]))

    def _voters(
        self, consultation: Consultation, told: Mapping[str, Any], rng: Random, *, is_over: bool
    ) -> dict[str, int | None]:
        """Keys for the roll; of the cast in what is over alone."""
        accounts = {user.email: key for user, key in keys_of_accounts(consultation)}
        cast = [accounts[self.people[key].email] for key in VOTED] if is_over else []
        chosen = choose(self.residents, told["votes"] - len(cast), near=None, rng=rng)
        return dict.fromkeys([*cast, *(roll_key(consultation, resident.mailbox_key) for resident in chosen)])

    def _settle(self, consultation: Consultation, told: Mapping[str, Any], *, at: datetime) -> None:
        counting.count(consultation, by=self.clerk, at=at)
        proclaim(consultation, self.clerk, at=at + timedelta(hours=8))
        if decision := told.get("decision"):
            decided_at = self.days.ago(decision["days_ago"], hour=19)
            consultation.decide(self.clerk, text=decision["text"], follows=decision["follows"], at=decided_at)


@dataclass
class Ballots:
    """What people voted, drawn from what the content says of each option."""

    consultation: Consultation
    told: Mapping[str, Any]
    rng: Random

    def fill(self, keys: Mapping[str, int | None], *, ways: Mapping[str, int] = WAYS) -> None:
        """Put each voter (with the account, where it is named) on the roll and a ballot into the box, in bulk: what
        `box.cast` does for one."""
        came = self.rng.choices(list(ways), list(ways.values()), k=len(keys))
        RollEntry.objects.bulk_create(
            RollEntry(consultation=self.consultation, key=key, channel=way, counted=True)
            for key, way in zip(keys, came, strict=True)
        )
        Turnout.objects.filter(consultation=self.consultation).update(voters=len(keys))
        answers = [self._answers() for _key in keys]
        if self.consultation.is_secret:
            Envelope.objects.bulk_create(self._sealed(answers))
        else:
            OpenBallot.objects.bulk_create(
                OpenBallot(
                    consultation=self.consultation, key=key, user_id=user, code=codes.receipt_code(), answers=given
                )
                for (key, user), given in zip(keys.items(), answers, strict=True)
            )

    def _sealed(self, answers: Sequence[dict[str, Any]]) -> Iterator[Envelope]:
        box = paper_of(self.consultation).box
        if box is None:
            raise TypeError("only a secret vote has envelopes")
        for given in answers:
            content = Content(self.consultation.pk, codes.receipt_code(), given)
            yield Envelope(consultation=self.consultation, content=box.seal(written(content)))

    def _answers(self) -> dict[str, Any]:
        return {question["slug"]: self._answer(question) for question in self.told["questions"]}

    def _answer(self, question: Mapping[str, Any]) -> Any:
        if self.rng.random() * 100 < question.get("blank", 0):
            return None
        return {
            "single": self._one,
            "multiple": self._basket,
            "grades": self._grades,
            "ranking": self._order,
            "points": self._points,
        }[question["kind"]](question) or None

    def _one(self, question: Mapping[str, Any]) -> str:
        options = question["options"]
        return self.rng.choices([o["slug"] for o in options], [o["weight"] for o in options])[0]

    def _basket(self, question: Mapping[str, Any]) -> list[str]:
        """Projects that fit the budget together, those that are liked more readily."""
        left, chosen = question["total_cost"], set()
        liked = sorted(question["options"], key=lambda o: self.rng.random() ** (1 / o["weight"]), reverse=True)
        for option in liked[: self.rng.randint(2, 8)]:
            if option["cost"] <= left:
                left -= option["cost"]
                chosen.add(option["slug"])
        return [option["slug"] for option in question["options"] if option["slug"] in chosen]

    def _grades(self, question: Mapping[str, Any]) -> dict[str, int]:
        grades = range(len(question["grades"]))
        return {o["slug"]: self.rng.choices(grades, o["grades"])[0] for o in question["options"]}

    def _points(self, question: Mapping[str, Any]) -> dict[str, int]:
        """One point after the other, to what is liked and not yet full."""
        given: dict[str, int] = {}
        for _point in range(question["points_all"]):
            room = [o for o in question["options"] if given.get(o["slug"], 0) < question["points_each"]]
            slug = self.rng.choices(room, [o["weight"] for o in room])[0]["slug"]
            given[slug] = given.get(slug, 0) + 1
        return {o["slug"]: given[o["slug"]] for o in question["options"] if o["slug"] in given}

    def _order(self, question: Mapping[str, Any]) -> list[str]:
        """One of the usual orders; one voter in four has an order of their own."""
        camps = question["camps"]
        order = list(self.rng.choices([order for _weight, order in camps], [weight for weight, _order in camps])[0])
        if self.rng.random() < 0.25:
            self.rng.shuffle(order)
        return order
