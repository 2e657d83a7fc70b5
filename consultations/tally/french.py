"""An outcome in plain French, for the recount script: it carries no catalogue of translations."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from consultations.tally.question import Counting, Question

TITLES = {
    Counting.PLURALITY: "un choix, le plus de voix l’emporte",
    Counting.APPROVAL: "plusieurs choix, le plus de voix l’emporte",
    Counting.SCHULZE: "classement, méthode de Schulze",
    Counting.MAJORITY_JUDGMENT: "jugement majoritaire",
    Counting.POINTS: "somme des points",
    Counting.GREEDY: "budget, les projets les plus soutenus tant que le budget suffit",
    Counting.EQUAL_SHARES: "budget, méthode des parts égales",
}


def outcome_text(question: Question, outcome: Mapping[str, Any]) -> list[str]:
    """Lines that say an outcome, as `as_json` writes it."""
    labels = {option.slug: option.label for option in question.options}
    took_part = outcome["participation"]
    lines = [
        f"{question.title or question.slug} ({TITLES[question.counting]})",
        f"  Exprimés : {took_part['expressed']} · blancs : {took_part['blank']} · "
        f"sans réponse : {took_part['not_answered']}",
        *_TEXTS[question.counting](question, outcome, labels),
    ]
    if outcome["ties"]:
        lines.append("  Égalités départagées par la règle écrite avant l’ouverture :")
        lines += [f"    {', '.join(labels[slug] for slug in tie['options'])}" for tie in outcome["ties"]]
    return lines


def _votes(question: Question, outcome: Mapping[str, Any], labels: Mapping[str, str]) -> Iterator[str]:
    for place, slug in enumerate(outcome["ranking"], 1):
        yield f"  {place}. {labels[slug]} : {outcome['votes'][slug]} voix"


def _points(question: Question, outcome: Mapping[str, Any], labels: Mapping[str, str]) -> Iterator[str]:
    for place, slug in enumerate(outcome["ranking"], 1):
        yield f"  {place}. {labels[slug]} : {outcome['score'][slug]} points, {outcome['votes'][slug]} bulletins"


def _schulze(question: Question, outcome: Mapping[str, Any], labels: Mapping[str, str]) -> Iterator[str]:
    duels = outcome["duels"]
    for place, slug in enumerate(outcome["ranking"], 1):
        won = sum(number > duels[other][slug] for other, number in duels[slug].items())
        yield f"  {place}. {labels[slug]} : {won} duels gagnés sur {len(duels[slug])}"
    if outcome["instant_runoff"]["winner"]:
        yield f"  À titre de comparaison, le vote alternatif désigne {labels[outcome['instant_runoff']['winner']]}"


def _judgment(question: Question, outcome: Mapping[str, Any], labels: Mapping[str, str]) -> Iterator[str]:
    for place, slug in enumerate(outcome["ranking"], 1):
        gauge, grade = outcome["gauge"][slug], outcome["majority_grade"][slug]
        if gauge is None:
            yield f"  {place}. {labels[slug]} : aucune mention"
        else:
            facts = f"{gauge['better']} au-dessus, {gauge['worse']} au-dessous"
            yield f"  {place}. {labels[slug]} : {question.grades[grade]}{gauge['sign']} ({facts})"


def _budget(question: Question, outcome: Mapping[str, Any], labels: Mapping[str, str]) -> Iterator[str]:
    counted = outcome[outcome["ranked_by"]]
    unit = {"score": "points", "votes": "voix"}[outcome["ranked_by"]]
    yield f"  Retenus, pour {_money(outcome['spent'], question)} sur {_money(outcome['budget'], question)} :"
    for slug in outcome["selected"]:
        cost = _money(question.costs[slug], question)
        yield f"    {labels[slug]} : {cost}, {counted[slug]} {unit}"
    other = outcome["greedy" if question.counting == Counting.EQUAL_SHARES else "equal_shares"]
    if other is not None:
        yield f"  L’autre règle retiendrait : {', '.join(labels[slug] for slug in other['selected']) or 'rien'}"


def _money(amount: Decimal | int | str, question: Question) -> str:
    exact = Decimal(amount)
    text = f"{exact:,.0f}" if exact == exact.to_integral_value() else f"{exact:,.2f}"
    french = text.replace(",", "\u202f").replace(".", ",")
    return f"{french} {question.currency}".strip()


_TEXTS: Mapping[Counting, Callable[[Question, Mapping[str, Any], Mapping[str, str]], Iterator[str]]] = {
    Counting.PLURALITY: _votes,
    Counting.APPROVAL: _votes,
    Counting.SCHULZE: _schulze,
    Counting.MAJORITY_JUDGMENT: _judgment,
    Counting.POINTS: _points,
    Counting.GREEDY: _budget,
    Counting.EQUAL_SHARES: _budget,
}
