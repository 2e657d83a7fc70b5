"""What waits at the moderators' desk today and what they did in the past months, by the domain's own acts."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import cycle
from random import Random
from typing import Any
from uuid import UUID

from django.utils import timezone

from civic.accounts.models import User
from civic.comments.models import Comment
from civic.demo.texts import load
from civic.moderation.measures import Measure, SanctionKind
from civic.moderation.models import Appeal, Case, Decision, Reason, Statement
from civic.notifications.models import OutgoingMail
from petitions.models import Petition

# How many of each wait, and how many were decided, over so many days.
WAITING = {"held": 28, "ranked": 16, "newcomer": 30, "reported": 45}
DECIDED = {"held": 20, "newcomer": 20, "reported": 36}
MONTHS = timedelta(days=90)
HOUR = timedelta(hours=1)
LETTERS = 15


class Casework:
    """Comments that bring cases, their reports, decisions, appeals and measures; the same each time."""

    def __init__(self, petitions: Sequence[Petition], speakers: Sequence[User], rng: Random, *, now: datetime):
        self.now, self.rng, self.told = now, rng, load("cases")
        open_now = [petition for petition in petitions if petition.is_open_at(now) and petition.thread_id]
        # Debates that were open all along: what is told of last month was said then.
        self.petitions = [petition for petition in open_now if (petition.opens_at or now) < now - MONTHS] or open_now
        self.speakers = list(speakers)
        self.moderators = list(User.objects.filter(rights__role="moderator").order_by("pk"))
        self.reasons = {reason.code: reason for reason in Reason.objects.filter(is_active=True)}
        self.places: list[str] = self.told["places"]
        self.texts = {kind: cycle(self._texts(kind)) for kind in WAITING}
        self.authors = cycle(self.speakers[::2])
        self.reporters = cycle(self.speakers[1::2])

    def fill(self) -> int:
        """Returns how many cases there are."""
        for kind, number in DECIDED.items():
            for _turn in range(number):
                self._settle(self._bring(kind, self._past()))
        for kind, number in WAITING.items():
            for _turn in range(number):
                self._bring(kind, self.now - HOUR * self.rng.triangular(0.1, 14, 0.5))
        self._appeal()
        self._work_together()
        self._set_apart()
        self._date_mails()
        return Case.objects.count()

    # --- What brings a case

    def _texts(self, kind: str) -> list[Mapping[str, Any]]:
        """Each text in each place, in an order that repeats none soon."""
        told = [one if isinstance(one, dict) else {"text": one} for one in self.told[kind]]
        return [
            one | {"text": one["text"].format(lieu=self.places[(turn + at) % len(self.places)])}
            for turn in range(len(self.places))
            for at, one in enumerate(told)
        ]

    def _bring(self, kind: str, at: datetime) -> Case | None:
        told, author = next(self.texts[kind]), next(self.authors)
        if kind == "newcomer":
            self._join(author, at - HOUR * 5)
        comment = self._post(author, told["text"], at)
        if kind == "newcomer":
            self._join(author, at - MONTHS * 8)
        if kind == "reported" and comment.is_shown:
            for turn in range(1 + self.rng.randrange(3)):
                self._report(comment, told, at + HOUR * (turn + 1) / 3)
        return comment.subject.cases.open().first()

    def _post(self, author: User, text: str, at: datetime) -> Comment:
        petition = self.rng.choice(self.petitions)
        return petition.thread.post(
            author, text, key=self._key(), at=at, position=self.rng.choice(["for", "against", "neutral"])
        )

    def _report(self, comment: Comment, told: Mapping[str, Any], at: datetime) -> None:
        reporter = next(person for person in self.reporters if person != comment.author)
        comment.subject.report(
            reporter, reason=self.reasons[told["reason"]], sentence=told["sentence"], at=min(at, self.now)
        )

    @staticmethod
    def _join(author: User, at: datetime) -> None:
        author.joined_at = at
        author.save(update_fields=["joined_at"])

    # --- What was decided

    def _settle(self, case: Case | None) -> None:
        if case is None:
            return
        card, moderator = case.card(), self.rng.choice(self.moderators)
        report = case.reports.select_related("reason").first()
        keys = self._verdict(report.reason.code if report else "", card.parts[0].text)
        action = next(action for action in case.actions(card) if action.key in keys and not action.needs)
        reason = (report.reason if report else self.reasons["personal_attack"]) if action.restricts else None
        at = self._worked(case.opened_at + HOUR * self.rng.triangular(0.3, 40, 3))
        decision = self._decide(case, moderator, action.name, reason, at=at)
        if self.rng.random() < 0.06:
            self._change_mind(case, moderator, decision, action.name, reason)

    def _verdict(self, reason: str, text: str) -> str:
        """The keys of what is decided: most who report an attack are right, most who report an opinion are not."""
        is_insult = any(word in text for word in ("connard", "salope", "tinyurl", "urlz"))
        is_right = any(one["is_right"] and one["reason"] == reason for one in self.told["reported"])
        return "rh" if is_insult or (is_right and self.rng.random() < 0.8) else "p"

    def _decide(self, case: Case, by: User, action: str, reason: Reason | None, *, at: datetime) -> Decision:
        return case.decide(
            by,
            action,
            version=case.version,
            revision=case.card().revision,
            key=self._key(),
            at=at,
            reason=reason,
            suggestion=self.rng.choice(self.told["suggestions"]) if reason else "",
            measures=self._measures(at) if reason else (),
        )

    def _measures(self, at: datetime) -> list[Measure]:
        drawn = self.rng.random()
        if drawn < 0.15:
            return [Measure(SanctionKind.WARNING)]
        return [Measure(SanctionKind.MUTE, at + timedelta(days=7))] if drawn < 0.2 else []

    def _change_mind(self, case: Case, by: User, decision: Decision, action: str, reason: Reason | None) -> None:
        case.undo(by, version=decision.version, key=self._key(), at=decision.at + HOUR / 20)
        case.refresh_from_db()
        self._decide(case, by, action, reason, at=decision.at + HOUR / 12)

    # --- What else happens at a desk

    def _appeal(self) -> None:
        """Some do not agree; others than those who decided will answer."""
        statements = Statement.objects.filter(
            recipient__isnull=False, decision__undone_at=None, decision__case__subject__kind="comment"
        )
        for statement, text in zip(statements.order_by("-pk")[::4], self._appeals(), strict=False):
            at = max(statement.decision.at, self.now - HOUR * self.rng.randint(3, 60)) + HOUR / 2
            if statement.recipient:
                Appeal.objects.make(statement, statement.recipient, text=text, at=at)

    def _appeals(self) -> Iterator[str]:
        for _round in range(2):
            yield from self.told["appeals"]

    def _work_together(self) -> None:
        waiting = list(Case.objects.waiting().order_by("pk")[::9])
        for turn, case in enumerate(waiting):
            start = turn % len(self.moderators)
            # Whoever took a decision has no part in its appeal; who did depends on the hour of the filling.
            able = [m for m in self.moderators[start:] + self.moderators[:start] if not case.is_appeal_against(m)]
            text = self.told["notes"][turn % len(self.told["notes"])]
            if turn % 3 == 2 and len(able) > 1:
                case.escalate(able[0], able[1], text, at=self.now - HOUR)
            elif able:
                case.note(able[0], text, at=self.now - HOUR * 2)

    def _set_apart(self) -> None:
        for told in self.told["apart"]:
            text = told["text"].format(lieu=self.rng.choice(self.places))
            comment = self._post(next(self.authors), text, self.now - HOUR * 30)
            case = comment.subject.open_case("staff", at=self.now - HOUR * 29)
            case.set_apart(self.moderators[0], told["kind"], told["note"], at=self.now - HOUR * 28)

    # --- Dates and chance

    def _past(self) -> datetime:
        moment = self.now - MONTHS * self.rng.uniform(0.05, 0.98)
        return timezone.localtime(moment).replace(hour=self.rng.randint(8, 21))

    def _worked(self, at: datetime) -> datetime:
        """That moment, or the next in which somebody is at work: from 8 to 19 h."""
        local = timezone.localtime(at)
        if local.hour >= 19:
            local += timedelta(days=1)
        if not 8 <= local.hour < 19:
            local = local.replace(hour=8, minute=self.rng.randrange(5, 55))
        return min(local, self.now - HOUR)

    def _date_mails(self) -> None:
        """The latest mails stay, as sent; a mailbox of hundreds would hide those that matter."""
        mails = OutgoingMail.objects.filter(sent_at=None, key__regex="^(moderation|report|appeal)")
        kept = mails.filter(cancelled_at=None).order_by("-pk").values("pk")[:LETTERS]
        mails.exclude(pk__in=list(kept.values_list("pk", flat=True))).delete()
        at = self.now - HOUR
        mails.update(created_at=at, sent_at=at + timedelta(seconds=2), tries=1)

    def _key(self) -> UUID:
        return UUID(int=self.rng.getrandbits(128), version=4)
