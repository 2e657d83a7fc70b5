"""An invented council: a session that is live, one that is over with its replay, and one to come."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import partial
from hashlib import sha256
from typing import Any

from django.db import transaction

from civic.accounts.models import User
from civic.demo.days import Days
from civic.demo.filming import LASTS, leave_film
from civic.demo.texts import load
from civic.kernel.text import fold
from civic.territory.models import Quarter, Theme
from livestream.models import (
    Caption,
    Choice,
    CommentMode,
    Councillor,
    Group,
    Item,
    ItemKind,
    Method,
    Office,
    Paper,
    PaperVersion,
    Sitting,
    StreamKey,
    Totals,
    attendance,
)
from livestream.models.division import record

PLACE = "Salle du conseil, hôtel de ville"
ELECTED = date(2020, 7, 4)
# Who votes for whom, and who is away without a word.
PROXIES, ABSENT = {"Samir Chevrel": "Bachir Lamine"}, "Gaspard Rieul"
CONVENED = timedelta(days=7)
# Without ffmpeg, so much of the live session is there to be seen.
EXCERPT = 12
WORD = timedelta(seconds=6)


class Council:
    def __init__(self, people: Mapping[str, User], *, now: datetime):
        # Whole seconds, as encoders write them: what was filmed first is not a moment before the opening.
        self.clerk, self.now = people["colette"], now.replace(microsecond=0)
        self.themes = {theme.slug: theme for theme in Theme.objects.all()}
        self.quarters = {quarter.slug: quarter for quarter in Quarter.objects.all()}
        self.members: dict[str, Councillor] = {}
        self.groups: dict[str, str] = {}

    def fill(self) -> int:
        """Returns how many sessions there are."""
        told = load("council")
        for rank, group in enumerate(told["groups"]):
            self._elect(group, rank)
        for sitting in told["sittings"]:
            self._tell(sitting)
        return len(told["sittings"])

    def _elect(self, told: Mapping[str, Any], rank: int) -> None:
        group = Group.objects.create(name=told["name"], short_name=told["short_name"], rank=rank)
        for name in told["members"]:
            office = Office.MAYOR if not self.members else Office.DEPUTY if rank == 0 else Office.COUNCILLOR
            facts = {"group": group, "office": office, "rank": len(self.members), "from_day": ELECTED}
            self.members[name] = Councillor.objects.create(name=name, **facts)
            self.groups[name] = told["short_name"]

    def _tell(self, told: Mapping[str, Any]) -> None:
        starts_at = self._starts_at(told)
        sitting = Sitting.draft(
            self.clerk,
            title=told["title"],
            summary=told["summary"],
            place=PLACE,
            starts_at=starts_at,
            chair=self.members["Agathe Morin"],
            secretary=self.members["Cosima Vidal"],
        )
        for rank, item in enumerate(told["items"], 1):
            self._put(sitting, item, rank, at=starts_at - CONVENED)
        sitting.convene(self.clerk, at=min(starts_at - CONVENED, self.now - CONVENED))
        if told["key"] == "coming":
            return
        StreamKey.give(sitting, self.clerk, from_at=starts_at, until_at=starts_at + WORD, at=starts_at)
        self._gather(sitting)
        if told["key"] == "live":
            self._hold(sitting, told["items"][: told["at_item"]], is_live=True)
        else:
            self._hold(sitting, told["items"], is_live=False)
            self._end(sitting, told)

    def _starts_at(self, told: Mapping[str, Any]) -> datetime:
        if told["key"] == "live":
            return self.now - timedelta(minutes=told["starts_minutes_ago"])
        return Days(self.now).ago(told["days_ago"], hour=18, minute=30)

    def _put(self, sitting: Sitting, told: Mapping[str, Any], rank: int, *, at: datetime) -> None:
        item = Item.objects.create(
            sitting=sitting,
            rank=rank,
            number=str(rank),
            title=told["title"],
            summary=told.get("summary", ""),
            kind=told.get("kind", ItemKind.DELIBERATION),
            comment_mode=told.get("comments", CommentMode.AFTER),
            planned_minutes=told["minutes"],
            matter_code=told.get("matter", ""),
            theme=self.themes.get(told.get("theme", "")),
            quarter=self.quarters.get(told.get("quarter", "")),
            rapporteur=self.members.get(told.get("rapporteur", "")),
            withdrawn_at=at + timedelta(days=1) if told.get("off") == "withdrawn" else None,
        )
        if title := told.get("paper"):
            content = pdf(title, told["title"])
            paper = Paper.objects.create(sitting=sitting, item=item, title=title)
            facts = {"content": content, "size": len(content), "sha256": sha256(content).hexdigest()}
            PaperVersion.objects.create(paper=paper, number=1, added_at=at, added_by=self.clerk, **facts)

    def _gather(self, sitting: Sitting) -> None:
        at = sitting.starts_at
        sitting.open(self.clerk, at=at)
        for giver, holder in PROXIES.items():
            attendance.give_proxy(sitting, self.members[giver], self.members[holder], self.clerk, at=at)
        for name, member in self.members.items():
            if name not in PROXIES and name != ABSENT:
                attendance.arrive(sitting, member, self.clerk, at=at)

    def _hold(self, sitting: Sitting, told: list[Mapping[str, Any]], *, is_live: bool) -> None:
        """Each item as long as was planned or, where the film is the sample, as long as that lasts."""
        begun_at, seen = sitting.starts_at, None
        films = []
        for item, said in zip(sitting.items.select_related("sitting"), told, strict=False):
            if not item.is_off:
                seen = sitting.go_to(item, self.clerk, seen=seen, at=begun_at).pk
                films.append(begun_at)
                begun_at += timedelta(minutes=said["minutes"]) if is_live else LASTS
                self._vote(item, said, at=begun_at - WORD)
        if is_live:
            films = [] if shutil.which("ffmpeg") else [sitting.starts_at + number * LASTS for number in range(EXCERPT)]
        transaction.on_commit(partial(leave_film, sitting.recording, films))

    def _vote(self, item: Item, told: Mapping[str, Any], *, at: datetime) -> None:
        if secret := told.get("secret"):
            record(item, self.clerk, method=Method.SECRET, seen=None, at=at, totals=Totals(*secret))
        elif "vote" in told:
            voters = [name for name in self.members if name != ABSENT]
            voices = {self.members[name].pk: told["vote"].get(self.groups[name], Choice.FOR) for name in voters}
            record(item, self.clerk, method=Method.HANDS, seen=None, at=at, voices=voices)

    def _end(self, sitting: Sitting, told: Mapping[str, Any]) -> None:
        ends_at = sitting.starts_at + len(told["items"]) * LASTS
        sitting.adjourn(self.clerk, at=ends_at)
        sitting.adopt_minutes(self.clerk, at=ends_at + timedelta(days=20))
        spoken = [
            (sitting.starts_at + part * LASTS + line * WORD, speaker, text)
            for part, lines in enumerate(told["said"])
            for line, (speaker, text) in enumerate(lines)
        ]
        Caption.objects.bulk_create(
            Caption(
                recording=sitting.recording, begins_at=at, ends_at=at + WORD,
                speaker=speaker, text=text, folded=fold(f"{speaker} {text}"),
            )
            for at, speaker, text in spoken
        )  # fmt: skip


def pdf(title: str, below: str) -> bytes:
    """One page with two lines on it, which says that it is invented."""
    lines = [(20, 760, title), (12, 735, below), (12, 700, "Document inventé pour la démonstration.")]
    shown = [f"BT /F {size} Tf 60 {height} Td ({_escaped(text)}) Tj ET" for size, height, text in lines]
    content = "\n".join(shown).encode("cp1252", "replace")
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F " + font + b">>>>>>",
        b"<</Length %d>>stream\n%b\nendstream" % (len(content), content),
    ]
    written, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(written))
        written += b"%d 0 obj\n%b\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"xref\n0 5\n0000000000 65535 f \n%btrailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
    return written + end % (table, len(written))


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
