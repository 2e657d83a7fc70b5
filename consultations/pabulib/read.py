"""From a file to an election, or to the line and the sentence that say why not."""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from consultations.pabulib.document import Cells, Section, parse
from consultations.pabulib.election import Election, Project, Vote, VoteType
from consultations.pabulib.faults import BrokenFile, Notice, fill
from consultations.pabulib.notices import notices
from consultations.pabulib.numbers import is_empty, number, whole


def read(content: bytes) -> Election:
    """The election of a .pb file. Columns, metadata and sections come in any order. Raises BrokenFile."""
    document = parse(content)
    sections = {name: document.section(name) for name in ("META", "PROJECTS", "VOTES")}
    meta, lines = _meta(sections["META"])
    vote_type = _vote_type(meta, lines, sections["VOTES"])
    budget = _budget(meta, lines, sections["META"])
    projects = _projects(sections["PROJECTS"])
    votes, twice = _votes(sections["VOTES"], vote_type, {project.project_id for project in projects})
    election = Election(document, meta, vote_type, budget, projects, votes, twice)
    election.notices += notices(election, lines)
    return election


def _meta(section: Section) -> tuple[dict[str, str], dict[str, int]]:
    columns = _columns(section, required=("key", "value"))
    meta: dict[str, str] = {}
    lines: dict[str, int] = {}
    for cells, line in zip(section.rows, section.lines, strict=True):
        key = _cell(cells, columns["key"]).lower()
        if not key:
            raise BrokenFile(line, _("This line of META has no key."))
        if key in meta:
            raise BrokenFile(line, fill(_("The key “%(key)s” is there a second time."), {"key": key}))
        meta[key], lines[key] = _cell(cells, columns["value"]), line
    return meta, lines


def _vote_type(meta: dict[str, str], lines: dict[str, int], votes: Section) -> VoteType:
    written = meta.get("vote_type", "").lower()
    if is_empty(written):
        # Nothing says it: points are shared out where there are any.
        has_points = "points" in _columns(votes, required=())
        return VoteType.CUMULATIVE if has_points else VoteType.APPROVAL
    if written == "choose-1":
        return VoteType.APPROVAL
    if written not in list(VoteType):
        sentence = _("The type of vote “%(type)s” is none of approval, cumulative, ordinal and scoring.")
        raise BrokenFile(lines["vote_type"], fill(sentence, {"type": written[:40]}))
    return VoteType(written)


def _budget(meta: dict[str, str], lines: dict[str, int], section: Section) -> Decimal:
    if is_empty(meta.get("budget", "")):
        raise BrokenFile(lines.get("budget", section.line), _("META has no budget."))
    budget = number(meta["budget"], lines["budget"], "budget")
    if budget <= 0:
        raise BrokenFile(lines["budget"], _("The budget must be more than zero."))
    return budget


def _projects(section: Section) -> list[Project]:
    columns = _columns(section, required=("project_id", "cost"))
    projects: dict[str, Project] = {}
    for cells, line in _whole_rows(section):
        project = _project({name: _cell(cells, index) for name, index in columns.items()}, line)
        if project.project_id in projects:
            sentence = _("The project “%(id)s” is there a second time; it is first on line %(line)s.")
            first = projects[project.project_id].line
            raise BrokenFile(line, fill(sentence, {"id": project.project_id, "line": first}))
        projects[project.project_id] = project
    if not projects:
        raise BrokenFile(section.line, _("The section PROJECTS has no project."))
    return list(projects.values())


def _project(cells: dict[str, str], line: int) -> Project:
    project_id = cells["project_id"]
    if not project_id:
        raise BrokenFile(line, _("This project has no project_id."))
    if "," in project_id:
        raise BrokenFile(line, _("A project_id has no comma: it could not be named in a vote."))
    if is_empty(cells["cost"]):
        raise BrokenFile(line, fill(_("The project “%(id)s” has no cost."), {"id": project_id}))
    cost = number(cells["cost"], line, "cost")
    if cost < 0:
        raise BrokenFile(line, fill(_("The project “%(id)s” costs less than zero."), {"id": project_id}))
    votes, score, selected = (cells.get(name, "") for name in ("votes", "score", "selected"))
    return Project(
        project_id=project_id,
        cost=cost,
        name=cells.get("name", "") or project_id,
        line=line,
        votes=None if is_empty(votes) else whole(votes, line, "votes"),
        score=None if is_empty(score) else number(score, line, "score"),
        selected=int(selected) if selected.isdecimal() else None,
        cells=cells,
    )


def _votes(section: Section, vote_type: VoteType, known: set[str]) -> tuple[list[Vote], list[Notice]]:
    """The votes, and a notice for each that names a project twice."""
    gives_points = vote_type in (VoteType.CUMULATIVE, VoteType.SCORING)
    columns = _columns(section, required=("vote", "points") if gives_points else ("vote",))
    who, what, how = columns.get("voter_id"), columns["vote"], columns["points"] if gives_points else None
    votes: list[Vote] = []
    twice: list[Notice] = []
    seen: dict[str, int] = {}
    for cells, line in _whole_rows(section):
        voter_id = "" if who is None else _cell(cells, who)
        if voter_id and seen.setdefault(voter_id, line) != line:
            sentence = _("The voter “%(id)s” is there a second time; the first vote is on line %(line)s.")
            raise BrokenFile(line, fill(sentence, {"id": voter_id[:40], "line": seen[voter_id]}))
        projects = _named(_cell(cells, what), line, known)
        points = () if how is None else _points(_cell(cells, how), line, len(projects))
        if len(set(projects)) != len(projects):
            twice.append(Notice(line, _("This vote names a project twice; it counts as one vote for it.")))
            projects, points = _once(projects, points)
        votes.append(Vote(voter_id, projects, points, line))
    return votes, twice


def _once(projects: tuple[str, ...], points: tuple[Decimal, ...]) -> tuple[tuple[str, ...], tuple[Decimal, ...]]:
    """Each project once, with all the points that it is given."""
    given = dict.fromkeys(projects, Decimal(0))
    for project, each in zip(projects, points, strict=False):
        given[project] += each
    return tuple(given), tuple(given.values()) if points else ()


def _named(cell: str, line: int, known: set[str]) -> tuple[str, ...]:
    named = _list(cell)
    if not known.issuperset(named):
        unknown = next(project for project in named if project not in known)
        sentence = _("This vote names the project “%(id)s”, which is not among the projects.")
        raise BrokenFile(line, fill(sentence, {"id": unknown[:40]}))
    return named


_WHOLE = {str(points): Decimal(points) for points in range(1001)}


def _points(cell: str, line: int, expected: int) -> tuple[Decimal, ...]:
    points = _list(cell)
    if len(points) != expected:
        sentence = _("This vote names %(projects)s projects and gives %(points)s numbers of points.")
        raise BrokenFile(line, fill(sentence, {"projects": expected, "points": len(points)}))
    return tuple(_WHOLE.get(each) or number(each, line, "points") for each in points)


def _list(cell: str) -> tuple[str, ...]:
    if is_empty(cell):
        return ()
    return tuple(stripped for part in cell.split(",") if (stripped := part.strip()))


def _columns(section: Section, *, required: tuple[str, ...]) -> dict[str, int]:
    """Where each column is, by its name in lower case. Raises BrokenFile."""
    names = [name.strip().lower() for name in section.columns]
    line = section.columns_line
    for name, times in Counter(filter(None, names)).items():
        if times > 1:
            raise BrokenFile(line, fill(_("The column “%(name)s” is there twice."), {"name": name}))
    for name in required:
        if name not in names:
            sentence = fill(
                _("The section %(section)s has no column “%(name)s”."), {"section": section.name, "name": name}
            )
            raise BrokenFile(line, sentence)
    return {name: index for index, name in enumerate(names) if name}


def _whole_rows(section: Section) -> Iterator[tuple[Cells, int]]:
    """Rows and their lines; a row may be shorter than the columns. Raises BrokenFile for a longer one."""
    width = len(section.columns)
    for cells, line in zip(section.rows, section.lines, strict=True):
        if len(cells) > width and any(cell.strip() for cell in cells[width:]):
            sentence = _("This line has %(cells)s cells for %(columns)s columns; a semicolon in a text needs quotes.")
            raise BrokenFile(line, fill(sentence, {"cells": len(cells), "columns": width}))
        yield cells, line


def _cell(cells: Cells, index: int) -> str:
    return cells[index].strip() if index < len(cells) else ""
