"""The recount script: from the published files alone, the result again, and whether all agrees.

    python3 recompter.pyz consultation.json bulletins.csv
    python3 recompter.pyz consultation.json bulletins.csv --code ABCD-EFGH-JKLM-NPQR-STUV
    python3 recompter.pyz consultation.json bulletins.csv --json

`published.py` says the form of both files. It prints a plain French text, or one JSON object with `--json`. Exit code:
0 when all agrees, 1 when something does not (or the code is not there exactly once), 2 for a file it can't read.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from consultations.tally.count import count
from consultations.tally.french import outcome_text
from consultations.tally.plain import as_json
from consultations.tally.published import CastBallot, QuestionSet, Unreadable, digest, read_ballots, read_questions

EXIT_DIFFERS, EXIT_UNREADABLE = 1, 2


@dataclass(frozen=True)
class Recount:
    """`faults` are French sentences, none when all agrees; `found` the ballots that bear the code looked for."""

    sha256: str
    ballots: int
    roll: int | None
    outcomes: dict[str, Any]
    faults: tuple[str, ...]
    code: str | None
    found: tuple[CastBallot, ...]

    @property
    def agrees(self) -> bool:
        return not self.faults and (self.code is None or len(self.found) == 1)


def main(arguments: Sequence[str] | None = None) -> int:
    """Recount the files named on the command line; the answer is the exit code."""
    options = _options(arguments)
    try:
        question_set = read_questions(_content(options.questions))
        result = recount(question_set, _content(options.ballots), code=options.code)
    except Unreadable as fault:
        sys.stderr.write(f"{fault}\n")
        return EXIT_UNREADABLE
    if options.json:
        sys.stdout.write(json.dumps(result_json(result), ensure_ascii=False) + "\n")
    else:
        sys.stdout.write(result_text(question_set, result))
    return 0 if result.agrees else EXIT_DIFFERS


def recount(question_set: QuestionSet, ballots: bytes, *, code: str | None = None) -> Recount:
    """Count `ballots` again and compare with what was published. Raises Unreadable."""
    cast = read_ballots(ballots, question_set.questions)
    counted = [each.ballot for each in cast]
    outcomes = {question.slug: as_json(count(question, counted)) for question in question_set.questions}
    faults = [
        *_faults_of_the_set(question_set, digest(ballots), cast),
        *_faults_of_the_answers(cast),
        *_faults_of_the_outcomes(question_set, outcomes),
    ]
    found = [] if code is None else with_code(cast, code)
    return Recount(digest(ballots), len(cast), question_set.roll, outcomes, tuple(faults), code, tuple(found))


def with_code(cast: Sequence[CastBallot], code: str) -> list[CastBallot]:
    """The ballots that bear a code, as it is written or else as people type it."""
    exact = [each for each in cast if each.code == code]
    return exact or [each for each in cast if plain_code(each.code) == plain_code(code)]


def plain_code(typed: str) -> str:
    """A receipt code without the dashes, spaces and small letters of whoever typed it."""
    return "".join(sign for sign in typed.upper() if sign.isalnum())


def result_json(result: Recount) -> dict[str, Any]:
    """The recount as JSON; `code` holds how often the code is there and what that ballot says."""
    return {
        "agrees": result.agrees,
        "faults": list(result.faults),
        "sha256": result.sha256,
        "ballots": result.ballots,
        "roll": result.roll,
        "code": None
        if result.code is None
        else {
            "times": len(result.found),
            "ballots": [each.ballot for each in result.found],
        },
        "outcomes": result.outcomes,
    }


def result_text(question_set: QuestionSet, result: Recount) -> str:
    """The recount for people, in French."""
    roll = "" if result.roll is None else f" pour {result.roll} noms à l’émargement"
    lines = [
        str(question_set.about.get("title", "Consultation")),
        "",
        f"{result.ballots} bulletins{roll}.",
        f"Empreinte SHA-256 des bulletins : {result.sha256}",
        "",
    ]
    for question in question_set.questions:
        lines += [*outcome_text(question, result.outcomes[question.slug]), ""]
    lines += _code_text(question_set, result)
    if result.faults:
        lines += ["CE QUI NE CONCORDE PAS", *(f"- {fault}" for fault in result.faults)]
    else:
        lines.append("Tout concorde avec ce qui a été publié.")
    return "\n".join(lines) + "\n"


def _faults_of_the_set(question_set: QuestionSet, found: str, cast: Sequence[CastBallot]) -> list[str]:
    codes = [each.code for each in cast if each.code]
    twice = sorted(code for code, times in Counter(codes).items() if times > 1)
    checks = {
        f"L’empreinte publiée est {question_set.sha256}, celle des bulletins est {found}.": (
            question_set.sha256 is not None and question_set.sha256.lower() != found
        ),
        f"{question_set.number} bulletins sont annoncés, le fichier en contient {len(cast)}.": (
            question_set.number is not None and question_set.number != len(cast)
        ),
        f"Il y a {len(cast)} bulletins pour {question_set.roll} noms à l’émargement.": (
            question_set.roll is not None and len(cast) > question_set.roll
        ),
        f"Des codes sont présents plusieurs fois : {', '.join(twice[:5])}.": bool(twice),
        "Les bulletins ne sont pas triés par code.": codes != sorted(codes),
    }
    return [sentence for sentence, is_wrong in checks.items() if is_wrong]


def _faults_of_the_answers(cast: Sequence[CastBallot]) -> list[str]:
    return [
        f"Ligne {each.line} : la réponse à « {slug} » n’est pas valable ({why})."
        for each in cast
        for slug, why in each.faults.items()
    ]


def _faults_of_the_outcomes(question_set: QuestionSet, outcomes: dict[str, Any]) -> list[str]:
    return [
        f"Le résultat proclamé de « {slug} » n’est pas celui des bulletins."
        for slug, outcome in outcomes.items()
        if slug in question_set.outcomes and question_set.outcomes[slug] != outcome
    ]


def _code_text(question_set: QuestionSet, result: Recount) -> list[str]:
    if result.code is None:
        return []
    if len(result.found) != 1:
        times = "n’est sur aucun bulletin" if not result.found else f"est sur {len(result.found)} bulletins"
        return [f"Le code {result.code} {times}.", ""]
    ballot = result.found[0].ballot
    answers = [
        f"  {question.slug} : {json.dumps(ballot[question.slug], ensure_ascii=False)}"
        for question in question_set.questions
        if question.slug in ballot
    ]
    return [f"Le code {result.code} est sur un bulletin, ligne {result.found[0].line} :", *answers, ""]


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as fault:
        raise Unreadable(f"Le fichier {path} ne peut pas être lu.") from fault


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="recompter.pyz", description="Dépouiller à nouveau une consultation.")
    parser.add_argument("questions", type=Path, help="le fichier consultation.json publié")
    parser.add_argument("ballots", type=Path, help="le fichier bulletins.csv publié")
    parser.add_argument("--code", help="le code de votre reçu, à retrouver")
    parser.add_argument("--json", action="store_true", help="le résultat en JSON")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
