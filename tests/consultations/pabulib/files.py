"""Files to read: the real one, and small ones made of parts."""

from pathlib import Path

import consultations

TOULOUSE = Path(consultations.__file__).parent / "samples" / "france_toulouse_2019.pb"

META = {
    "description": "Budget participatif",
    "country": "Poland",
    "unit": "Kraków",
    "instance": "2024",
    "num_projects": "3",
    "num_votes": "4",
    "budget": "1000",
    "vote_type": "approval",
    "rule": "greedy",
}
PROJECTS = [
    ("project_id", "cost", "votes", "name"),
    ("p1", "600", "3", "Un parc"),
    ("p2", "500", "2", "Une piscine"),
    ("p3", "400", "1", "Un banc"),
]
VOTES = [("voter_id", "vote"), ("a", "p1,p2"), ("b", "p1"), ("c", "p3,p1"), ("d", "p2")]
POINTS = [
    ("voter_id", "vote", "points"),
    ("a", "p1,p2", "3,1"),
    ("b", "p1", "2"),
    ("c", "p3,p1", "5,1"),
    ("d", "p2", "1"),
]


def made(*, meta=None, projects=PROJECTS, votes=None, newline="\n", without=()):
    """The bytes of a file; `meta` is added to META, keys in `without` are left out."""
    meta = {key: value for key, value in (META | (meta or {})).items() if key not in without}
    if votes is None:
        votes = POINTS if meta.get("vote_type") in ("cumulative", "scoring") else VOTES
    rows = [("META",), ("key", "value"), *meta.items(), ("PROJECTS",), *projects, ("VOTES",), *votes]
    return (newline.join(";".join(row) for row in rows) + newline).encode()
