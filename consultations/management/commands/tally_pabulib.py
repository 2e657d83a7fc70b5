import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from consultations.pabulib import BrokenFile, Election, read
from consultations.pabulib.tally import count_equal_shares, count_greedy, score, votes


class Command(BaseCommand):
    """Counts a file without storing anything: it needs no database."""

    help = "Count a Pabulib file (.pb): votes, score, greedy rule and equal shares."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--json", action="store_true", help="one line of JSON, the last on stdout")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override("fr"):
            election = self._read(options["file"])
            for notice in election.notices:
                self.stderr.write(str(notice))
            if options["json"]:
                self.stdout.write(json.dumps(as_json(election), ensure_ascii=False))
            else:
                self.stdout.write("\n".join(summary(election)))

    def _read(self, path: Path) -> Election:
        try:
            return read(path.read_bytes())
        except BrokenFile as fault:
            raise CommandError(str(fault)) from fault
        except OSError as fault:
            raise CommandError(_("The file %(path)s can't be read.") % {"path": path}) from fault


def as_json(election: Election) -> dict[str, Any]:
    """The count for comparison with another: equal shares are those of the method alone, without completion."""
    return {
        "votes": votes(election),
        "score": {project: _plain(points) for project, points in score(election).items()},
        "greedy": list(count_greedy(election).selected),
        "equal_shares": list(count_equal_shares(election).plain.selected),
    }


def summary(election: Election) -> list[str]:
    """The same for people, winners of each rule by name and cost."""
    greedy, shares = count_greedy(election), count_equal_shares(election)
    named = {
        _("By score while the budget lasts") if election.has_points else _("By votes while the budget lasts"): (
            greedy.selected
        ),
        _("Equal shares, the method alone"): shares.plain.selected,
        _("Equal shares, completed"): shares.selected,
    }
    lines = [
        " · ".join(filter(None, (election.meta.get("description"), election.meta.get("instance")))),
        _("%(projects)s projects, %(votes)s ballots, %(budget)s")
        % {
            "projects": len(election.projects),
            "votes": len(election.votes),
            "budget": _money(election, election.budget),
        },
    ]
    for title, selected in named.items():
        spent = sum((election.by_id[project].cost for project in selected), Decimal(0))
        lines += ["", f"{title} ({_money(election, spent)})"]
        lines += [f"  {_row(election, project)}" for project in selected]
    return lines


def _row(election: Election, project_id: str) -> str:
    project = election.by_id[project_id]
    return f"{project_id:>5}  {_money(election, project.cost):>16}  {project.name}"


def _money(election: Election, amount: Decimal) -> str:
    decimals = 0 if amount == amount.to_integral_value() else 2
    return f"{number_format(amount, decimals, use_l10n=True, force_grouping=True)} {election.currency}".strip()


def _plain(points: Decimal) -> int | float:
    return int(points) if points == points.to_integral_value() else float(points)
