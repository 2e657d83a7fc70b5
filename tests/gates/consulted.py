"""The part of the gates' world in which people are consulted: one consultation for each moment of its life.

Samples are named `consultation_…` (pk, slug, question, option, document), `ballot_…` (pk, and slug: the first
question's), `stream_consultation_…`. Votes are open in `named`, `confidential`, `secret`, `budget` and `long`: the
author has voted in each, the resident in none; and in `listed`, for the people of a list. `scrutineer` and two others
keep the keys of the secret ones.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256

from django.db.models import F

from civic.accounts.models import Residence, ResidentList, Right, Role
from civic.accounts.residence import person_key
from civic.territory.models import Quarter, Theme
from consultations import keys, tally
from consultations.eligibility import person_of, roll_key
from consultations.models import (
    Ballot,
    Consultation,
    Document,
    Envelope,
    OpenBallot,
    Option,
    Phase,
    PhaseKind,
    Question,
    Result,
    RollEntry,
    Scrutineer,
    Turnout,
)

DAY = timedelta(days=1)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF\n"  # fmt: skip  # noqa: E501
TEXT = "Le parc ouvre **au printemps**.\n\n- des arbres\n- une fontaine\n\nVoyez https://example.org/ ici."
EASY = "La ville fait un parc. Vous choisissez son nom."
# Days from now: the opening and the close of the vote.
OPEN, OVER, COMING = (-5, 9), (-20, -6), (4, 18)
PLURALITY = {"kind": "single", "counting": "plurality", "maximum": 1}
JUDGMENT = {"kind": "grades", "counting": "majority_judgment", "grades": ["Très bien", "Bien", "Passable", "À rejeter"]}
RANKING = {"kind": "ranking", "counting": "schulze"}
BUDGET = {"kind": "points", "counting": "equal_shares", "points_each": 3, "points_all": 7, "total_cost": 100_000}


def make_consultations(world, at: datetime) -> None:
    people = make_residents(world, at)
    drafted(world, "empty", at, days=None, questions=[], summary="", description="")
    drafted(world, "draft", at, days=COMING, secrecy="confidential", residence="declared")
    for name, options in {
        "announced": {"days": COMING, "informs": False, "questions": [BUDGET]},
        "debate": {"days": COMING, "debates": True},
        "named": {"days": OPEN, "secrecy": "named"},
        "confidential": {"days": OPEN, "secrecy": "confidential", "questions": [JUDGMENT, RANKING]},
        "secret": {"days": OPEN, "secrecy": "secret"},
        "verified": {"days": OPEN, "secrecy": "secret", "residence": "verified"},
        "listed": {"days": OPEN, "secrecy": "secret", "residence": "listed", "resident_list": people},
        "budget": {"days": OPEN, "secrecy": "confidential", "questions": [BUDGET]},
        "long": {"days": OPEN, "is_long": True, "questions": [PLURALITY, JUDGMENT, RANKING, BUDGET]},
        "closed": {"days": OVER, "secrecy": "secret"},
        "counted": {"days": OVER, "secrecy": "confidential"},
        "proclaimed": {"days": OVER, "secrecy": "secret", "questions": [PLURALITY, JUDGMENT, RANKING, BUDGET]},
        "decided": {"days": OVER, "secrecy": "named"},
        "withdrawn": {"days": OPEN, "secrecy": "confidential"},
    }.items():
        published(world, drafted(world, name, at, **options), at)
    author = world.people["author"]
    for name in ("named", "confidential", "secret", "verified", "budget", "long", "closed"):
        voted(consultation(world, name), author, at)
    for name in ("counted", "proclaimed", "decided"):
        counted(world, consultation(world, name), at)
    live_on(world, at)


def consultation(world, name: str) -> Consultation:
    return Consultation.objects.get(pk=world.samples[f"consultation_{name}"]["pk"])


def make_residents(world, at: datetime) -> ResidentList:
    """The author's residence is verified, the resident's was; a list has both."""
    quarter = Quarter.objects.get(slug="surieux")
    people = ResidentList.objects.create(name="Liste électorale", imported_at=at - 40 * DAY)
    for number, (role, until) in enumerate({"author": at + 300 * DAY, "resident": at - DAY}.items()):
        user = world.people[role]
        key = person_key(user.name, datetime(1980, 1, 1 + number).date())  # noqa: DTZ001 - a birthday
        Residence.objects.create(
            user=user, person_key=key, quarter=quarter, postal_code="38130", verified_at=at - 400 * DAY, until=until,
            verified_by=world.people["clerk"],
        )  # fmt: skip
        people.people.create(person_key=key, quarter=quarter, label=f"{user.name}\n1 rue du Parc")
    world.samples["resident_list"] = {"pk": people.pk}
    return people


def drafted(
    world,
    name: str,
    at: datetime,
    *,
    days: tuple[int, int] | None,
    questions: Sequence[dict] = (PLURALITY,),
    informs: bool = True,
    debates: bool = False,
    is_long: bool = False,
    **fields,
) -> Consultation:
    long = "Une phrase que quelqu’un a écrite sans reprendre son souffle, avec anticonstitutionnellement dedans. " * 30
    text = {"summary": "Quel nom pour le nouveau parc ?", "description": TEXT, "easy_read": EASY, "quorum": 40}
    if is_long:
        text = {"summary": long[:300], "description": long[:3000], "easy_read": long[:1500]}
    given = {"residence": "anyone", "secrecy": "secret", "theme": Theme.objects.first()} | text | fields
    title = long[:120].strip() if is_long else f"Le nom du parc ({name})"
    draft = Consultation.draft(world.people["clerk"], title=title, **given)
    draft.quarters.add(Quarter.objects.get(slug="surieux"))
    for rank, rule in enumerate(questions, start=1):
        asked(draft, rank, rule, long[:160].strip() if is_long else "")
    if days:
        when(draft, at, days, informs=informs, debates=debates)
    document = Document.objects.create(
        consultation=draft, title="Le plan du parc", content=PDF, sha256=sha256(PDF).hexdigest(), size=len(PDF)
    )
    if draft.is_secret:
        name_scrutineers(world, draft, at)
    keep(world, name, draft, document)
    return draft


def asked(draft: Consultation, rank: int, rule: dict, label: str) -> None:
    text = label or "Quel nom préférez-vous ?"
    question = Question.objects.create(consultation=draft, rank=rank, slug=f"q{rank}", text=text, **rule)
    cost = 40_000 if "total_cost" in rule else None
    for number, name in enumerate(["Parc des Essarts", "Parc du Drac", "Parc de la Fontaine"], start=1):
        Option.objects.create(
            question=question, rank=number, slug=f"o{number}", label=label or name, cost=cost, description=TEXT,
            quarter=Quarter.objects.get(slug="surieux") if number == 1 else None,
        )  # fmt: skip


def when(draft: Consultation, at: datetime, days: tuple[int, int], *, informs: bool, debates: bool) -> None:
    opens, closes = at + days[0] * DAY, at + days[1] * DAY
    phases = {PhaseKind.VOTE: (opens, closes), PhaseKind.RESULTS: (closes + DAY, None)}
    if informs:
        phases[PhaseKind.INFORM] = (opens - 15 * DAY, closes)
    if debates:
        phases[PhaseKind.DEBATE] = (opens - 10 * DAY, opens)
    Phase.objects.bulk_create(
        Phase(consultation=draft, kind=kind, opens_at=begins, closes_at=ends) for kind, (begins, ends) in phases.items()
    )


def name_scrutineers(world, draft: Consultation, at: datetime) -> None:
    for rank, role in enumerate(("scrutineer", "second", "third"), start=1):
        pair = keys.make_pair()
        user = world.people[role]
        Scrutineer.objects.create(
            consultation=draft, user=user, rank=rank, public_key=pair.public, key_given_at=at, tested_at=at
        )
        Right.objects.create(user=user, role=Role.SCRUTINEER, space=draft.space, starts_at=at - 60 * DAY)
        world.private_keys.setdefault(draft.pk, []).append(pair.private)


def keep(world, name: str, draft: Consultation, document: Document) -> None:
    question = draft.questions.first()
    option = question.options.first() if question else None
    world.samples[f"consultation_{name}"] = {
        "pk": draft.pk,
        "slug": draft.slug,
        "document": document.pk,
        "question": question.pk if question else 999_999,
        "option": option.pk if option else 999_999,
        "scrutineer": getattr(draft.scrutineers.first(), "pk", 999_999),
    }
    world.samples[f"ballot_{name}"] = {"pk": draft.pk, "slug": "q1"}
    for asked in draft.questions.all():
        world.samples[f"ballot_{name}_{asked.slug}"] = {"pk": draft.pk, "slug": asked.slug}
    world.samples[f"stream_consultation_{name}"] = {"pk": draft.stream_id}


def published(world, draft: Consultation, at: datetime) -> None:
    draft.publish(world.people["clerk"], at=min(at, draft.vote.opens_at) - 20 * DAY)


def voted(consultation: Consultation, user, at: datetime) -> None:
    """As the box writes it, whatever the clock says."""
    key = roll_key(consultation, person_of(user, consultation, at=at).key)
    RollEntry.objects.create(consultation=consultation, key=key, counted=True)
    Turnout.objects.filter(consultation=consultation).update(voters=F("voters") + 1)
    if consultation.is_secret:
        Envelope.objects.create(consultation=consultation, content=b"\x00" * consultation.envelope_size)
        return
    named = user if consultation.secrecy == "named" else None
    answers = {question.slug: answer_of(question, 0) for question in consultation.questions.all()}
    OpenBallot.objects.create(
        consultation=consultation, key=key, user=named, code=f"{key[:20]}".upper(), answers=answers
    )


def answer_of(question: Question, number: int):
    first, second = f"o{number % 3 + 1}", f"o{(number + 1) % 3 + 1}"
    answers = {
        "single": first,
        "ranking": [first, second],
        "grades": {first: 0, second: number % 4},
        "points": {first: 3, second: 1},
    }
    return answers[question.kind] if number % 7 else None


def counted(world, consultation: Consultation, at: datetime) -> None:
    """Sixty people have voted, the author among them where names are kept, and nobody has read the result."""
    questions = list(consultation.questions.all())
    ballots = [
        Ballot(
            consultation=consultation,
            code=f"{sha256(str(number).encode()).hexdigest()[:20]}".upper(),
            answers={question.slug: answer_of(question, number) for question in questions},
        )
        for number in range(60)
    ]
    Ballot.objects.bulk_create(ballots)
    entries = [RollEntry(consultation=consultation, key=f"{number:064x}", counted=True) for number in range(60)]
    RollEntry.objects.bulk_create(entries)
    if consultation.secrecy == "named":
        people = [world.people["author"], world.people["moderator"], None]
        OpenBallot.objects.bulk_create(
            OpenBallot(consultation=consultation, key=entry.key, user=user, code=ballot.code, answers=ballot.answers)
            for entry, user, ballot in zip(entries, people, ballots, strict=False)
        )
    Turnout.objects.filter(consultation=consultation).update(voters=60)
    papers = [ballot.answers for ballot in ballots]
    outcomes = {question.slug: tally.as_json(tally.count(question.as_rule(), papers)) for question in questions}
    Result.objects.create(
        consultation=consultation, outcomes=outcomes, ballots=60, channels={"online": 60}, digest="0" * 64,
        counted_at=at - DAY,
    )  # fmt: skip
    Consultation.objects.filter(pk=consultation.pk).update(counted_at=at - DAY)


def live_on(world, at: datetime) -> None:
    clerk = world.people["clerk"]
    for name in ("proclaimed", "decided"):
        Consultation.objects.filter(pk=consultation(world, name).pk).update(proclaimed_at=at - DAY)
    consultation(world, "decided").decide(clerk, text=TEXT, follows="partly", at=at)
    consultation(world, "withdrawn").withdraw(clerk, reason="Le terrain a été vendu.", at=at)
    long = consultation(world, "long")
    long.correct(clerk, explanation="Une faute dans le résumé.", at=at, summary="Le résumé corrigé")
    long.extend(clerk, kind="vote", reason="Une panne d’électricité.", at=at, closes_at=long.vote.closes_at + DAY)
