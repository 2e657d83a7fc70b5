"""Each petition's life, told by dated facts: written, reviewed, opened, closed."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from civic.accounts.models import User
from civic.demo.days import Days
from civic.demo.desk import Desk
from civic.moderation.models import Decision, Reason, Trigger
from civic.territory.models import Quarter, Theme
from petitions.models import Petition


class Storyteller:
    """Writes petitions into an empty database, each in the state that the content gives it."""

    def __init__(self, authors: Sequence[User], desk: Desk, days: Days):
        self.authors, self.desk, self.days = authors, desk, days
        self.themes = {theme.slug: theme for theme in Theme.objects.all()}
        self.quarters = {quarter.slug: quarter for quarter in Quarter.objects.all()}
        self.reasons = {reason.code: reason for reason in Reason.objects.all()}

    def tell(self, told: Mapping[str, Any], rng: Random) -> tuple[Petition, list[Decision]]:
        """Write one petition; returns it with what moderators decided about it."""
        petition = self._write(told)
        decisions = []
        if told["state"] == "draft":
            self._date(petition, created_at=self._moment(told["created_days_ago"], rng))
        else:
            self._submit(petition, told, rng)
            if told["state"] != "in_review":
                decisions = [self._review(petition, told, rng), *self._end(petition, told, rng)]
        return petition, decisions

    def _write(self, told: Mapping[str, Any]) -> Petition:
        author = self.authors[told["author"]]
        petition = Petition.draft(author, title=told["title"])
        text = {name: told[name] for name in ("request", "details")}
        petition.edit(
            author,
            at=self.days.now,
            theme=self.themes[told["theme"]],
            quarter=self.quarters.get(told["quarter"]),
            **text,
        )
        return petition

    def _submit(self, petition: Petition, told: Mapping[str, Any], rng: Random) -> None:
        days = told.get("submitted_days_ago") or told["opened_days_ago"] + rng.randint(2, 9)
        submitted_at = self._moment(days, rng)
        self._date(petition, created_at=self._moment(days + rng.randint(1, 6), rng), submitted_at=submitted_at)
        self.desk.receive(petition, Trigger.NEW, at=submitted_at)

    def _review(self, petition: Petition, told: Mapping[str, Any], rng: Random) -> Decision:
        """Publish or refuse by the petition's own methods, as moderation would."""
        if told["state"] == "refused":
            at = self._moment(told["refused_days_ago"], rng)
            reason, suggestion = self.reasons[told["reason"]], told["suggestion"]
            petition.refuse(reason, suggestion=suggestion, at=at)
            return self.desk.decide(petition, "refuse", at=at, reason=reason, suggestion=suggestion)
        if told["state"] == "scheduled":
            at = self._moment(told["submitted_days_ago"] // 2, rng)
            opens_at = self.days.ago(-told["opens_in_days"], hour=8)
        else:
            at = opens_at = self._moment(told["opened_days_ago"], rng)
        petition.publish(at=at, opens_at=opens_at)
        self._date(petition, closes_at=opens_at + timedelta(days=told["duration_days"]))
        return self.desk.decide(petition, "publish", at=at)

    def _end(self, petition: Petition, told: Mapping[str, Any], rng: Random) -> Iterator[Decision]:
        state = told["state"]
        if state in ("withdrawn", "hidden", "archived"):
            at = self._moment(told[f"{state}_days_ago"], rng)
            self._date(petition, **{f"{state}_at": at})
        if state == "hidden":
            self.desk.receive(petition, Trigger.REPORT, at=at - timedelta(hours=20))
            yield self.desk.decide(petition, "hide", at=at, reason=self.reasons[told["reason"]])

    def _moment(self, days: int, rng: Random) -> datetime:
        """An hour of the working day; what happens on one day keeps its order by days, never by hours."""
        return self.days.ago(days, hour=rng.randint(9, 17), minute=rng.randint(0, 59))

    def _date(self, petition: Petition, **dates: datetime) -> None:
        for name, moment in dates.items():
            setattr(petition, name, moment)
        petition.save(update_fields=list(dates))
