"""Scenes that tests set up in the database of a running product: `python -m tests.stage SCENE …` prints JSON."""

import json
import sys
from datetime import timedelta
from importlib import import_module
from typing import Any
from uuid import uuid4

import django

django.setup()

from allauth.account.models import EmailAddress  # noqa: E402
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret  # noqa: E402
from django.conf import settings  # noqa: E402
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.utils import timezone  # noqa: E402

from civic.accounts.models import Right, User  # noqa: E402
from civic.comments.models import Thread  # noqa: E402
from civic.moderation.models import Case, Reason, Subject  # noqa: E402
from civic.realtime.models import Stream  # noqa: E402
from civic.territory.models import Quarter, Theme  # noqa: E402
from livestream.models import Councillor, Item, Sitting, StreamKey, attendance  # noqa: E402
from petitions.models import Counter, Petition, ThresholdRule  # noqa: E402
from tests.consultations.votes import draft_vote, open_vote  # noqa: E402
from tests.gates.sat import make_council  # noqa: E402
from tests.livestream.filming import film  # noqa: E402

DAY = timedelta(days=1)


def person(email: str, name: str, *roles: str) -> dict[str, Any]:
    """A resident with a confirmed address and, where asked, roles; its session is open, staff's with the factor."""
    # Known for long: a newcomer's first text waits for a moderator.
    given = {"name": name, "postal_code": "38130", "joined_at": timezone.now() - 300 * DAY}
    user, _is_new = User.objects.get_or_create(email=email, defaults=given)
    EmailAddress.objects.get_or_create(user=user, email=email, defaults={"verified": True, "primary": True})
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    if roles:
        for role in roles:
            Right.objects.get_or_create(user=user, role=role)
        if not user.authenticator_set.exists():
            TOTP.activate(user, generate_totp_secret())
        session["account_authentication_methods"] = [{"method": "mfa", "type": "totp", "at": 0}]
        session["account_authentication_methods_user"] = str(user.pk)
    session.create()
    return {"pk": user.pk, "session": session.session_key}


def places() -> tuple[Theme, Quarter]:
    theme = Theme.objects.get_or_create(slug="se-deplacer", defaults={"name": "Se déplacer"})[0]
    return theme, Quarter.objects.get_or_create(slug="surieux", defaults={"name": "Surieux"})[0]


def crowd(people: str, petitions: str) -> dict[str, Any]:
    """So many residents with open sessions, and so many petitions that are open for signature."""
    theme, _quarter = places()
    now = timezone.now()
    streams = Stream.objects.bulk_create(Stream(kind="petition") for _ in range(int(petitions)))
    subjects = Subject.objects.bulk_create(Subject(kind="petition") for _ in range(int(petitions)))
    threads = Thread.objects.bulk_create(Thread(kind="petition", stream=s, asks_position=True) for s in streams)
    opened = Petition.objects.bulk_create(
        Petition(
            title=f"Pétition numéro {stream.pk}", request="Ceci.", theme=theme, stream=stream, subject=subject,
            submitted_at=now - DAY, published_at=now - DAY, opens_at=now - DAY, closes_at=now + 30 * DAY, thread=thread,
        )
        for stream, subject, thread in zip(streams, subjects, threads, strict=True)
    )  # fmt: skip
    Counter.objects.bulk_create(Counter(petition=petition) for petition in opened)
    # New people each time: how often one account signs is limited.
    addresses = [f"resident{number}.{opened[0].pk}@example.org" for number in range(int(people))]
    signers = [person(address, f"Résident {number}") for number, address in enumerate(addresses)]
    return {"signers": signers, "petitions": [petition.pk for petition in opened]}


def cast() -> dict[str, Any]:
    """Residents, moderators and clerks, signed in, and what writing needs: themes, quarters and small thresholds."""
    places()
    for rank, rule in enumerate(ThresholdRule.objects.order_by("-count")):
        rule.count = 30 - 10 * rank
        rule.save()
    return {
        "amina": person("amina@example.org", "Amina Belkacem"),
        "bruno": person("bruno@example.org", "Bruno Ferrero"),
        "mireille": person("mireille@example.org", "Mireille Aubert", "moderator"),
        "malik": person("malik@example.org", "Malik Saïdi", "moderator"),
        "colette": person("colette@example.org", "Colette Jourdan", "clerk"),
        "carole": person("carole@example.org", "Carole Petit", "clerk"),
        # With a second factor; of which votes they are scrutineers, a clerk says.
        "sylvie": person("sylvie@example.org", "Sylvie Martin", "scrutineer"),
        "simon": person("simon@example.org", "Simon Haddad", "scrutineer"),
        "salome": person("salome@example.org", "Salomé Ndiaye", "scrutineer"),
    }


def cases(number: str) -> dict[str, Any]:
    """So many cases of every kind, in turn: a petition to publish, a comment that waits, one that was reported."""
    theme, _quarter = places()
    author, *others = (
        User.objects.get(pk=person(f"{name}@example.org", name)["pk"]) for name in ("ana", "bob", "cleo")
    )
    now = timezone.now()
    debated = _petition(author, "Une rue plus calme", theme)
    debated.submitted_at = now - DAY
    debated.save(update_fields=["submitted_at"])
    debated.publish(at=now - DAY)
    thread = Petition.objects.get(pk=debated.pk).thread
    for turn in range(int(number)):
        if turn % 3 == 0:
            _petition(author, f"Un banc, le numéro {turn}", theme).submit(author, at=now)
            continue
        # Each by an account of its own: many texts of one would be a burst.
        writer = User.objects.get(pk=person(f"w{turn}@example.org", f"Voix {turn}")["pk"])
        User.objects.filter(pk=writer.pk).update(joined_at=now - 400 * DAY)
        writer.refresh_from_db()
        word = "quel connard" if turn % 3 == 1 else "c’est faux"
        comment = thread.post(writer, f"Avis numéro {turn} : {word}.", key=uuid4(), at=now, position="for")
        if turn % 3 == 2:
            reason = Reason.objects.filter(is_active=True)[turn % 3]
            comment.subject.report(others[turn % 2], reason=reason, sentence="À lire.", at=now)
    return {"cases": list(Case.objects.waiting().order_by("due_at", "pk").values_list("pk", flat=True))}


def vote(secrecy: str, *kinds: str) -> dict[str, Any]:
    """An open vote with a question of each of these kinds (`tests.consultations.votes`)."""
    clerk = User.objects.get(pk=person("colette@example.org", "Colette Jourdan", "clerk")["pk"])
    return {"pk": open_vote(clerk, *kinds, theme=places()[0], secrecy=secrecy).pk}


def draft(secrecy: str, *kinds: str) -> dict[str, Any]:
    """The same as a draft, which nobody keeps keys of yet."""
    clerk = User.objects.get(pk=person("colette@example.org", "Colette Jourdan", "clerk")["pk"])
    return {"pk": draft_vote(clerk, *kinds, theme=places()[0], secrecy=secrecy).pk}


def filmed(seconds: str) -> dict[str, Any]:
    """A session that is live and was filmed for so long."""
    clerk = User.objects.get(pk=person("colette@example.org", "Colette Jourdan", "clerk")["pk"])
    now = timezone.now()
    sitting = Sitting.draft(clerk, title="Conseil filmé", starts_at=now, place="Salle du conseil", kind="meeting")
    Item.objects.create(sitting=sitting, rank=1, number="1", title="Budget")
    sitting.convene(clerk, at=now)
    sitting.open(clerk, at=now)
    StreamKey.give(sitting, clerk, from_at=now, until_at=now + DAY, at=now)
    film(sitting.recording.path, seconds=int(seconds))
    return {"pk": sitting.pk, "address": sitting.get_absolute_url()}


def council() -> dict[str, Any]:
    """A session that is convened, with four items and all members there but one."""
    clerk = User.objects.get(pk=person("colette@example.org", "Colette Jourdan", "clerk")["pk"])
    members = list(Councillor.objects.order_by("rank")) or make_council()
    now = timezone.now()
    sitting = Sitting.draft(clerk, title="Conseil de décembre", starts_at=now, place="Mairie", chair=members[0])
    for rank, title in enumerate(("Les tarifs de la piscine", "Le budget", "La place du marché", "Questions"), 1):
        Item.objects.create(sitting=sitting, rank=rank, number=str(rank), title=title)
    sitting.convene(clerk, at=now)
    attendance.note(sitting, clerk, arrived=[member.pk for member in members[:-1]], at=now)
    return {"pk": sitting.pk, "address": sitting.get_absolute_url()}


def film_again(pk: str, seconds: str) -> None:
    """The encoder, whose line had broken, is back: what follows is filmed in a take of its own."""
    film(Sitting.objects.get(pk=pk).recording.path, seconds=int(seconds), take=2)


def cut(pk: str, begin: str, end: str) -> None:
    """From that second after the opening to that one, nothing is shown any more."""
    sitting = Sitting.objects.get(pk=pk)
    begins_at, ends_at = (sitting.opened_at + timedelta(seconds=float(each)) for each in (begin, end))
    clerk = User.objects.get(email="colette@example.org")
    given = {"begins_at": begins_at, "ends_at": ends_at, "at": max(timezone.now(), ends_at)}
    sitting.recording.cut(clerk, reason="Clic tardif", **given)


def doors(pk: str, act: str) -> None:
    """`close_doors` or `resume`; nothing that was filmed is lost by it, since here all of it was at once."""
    sitting = Sitting.objects.get(pk=pk)
    getattr(sitting, act)(User.objects.get(email="colette@example.org"), at=timezone.now() + DAY)


def sitting(items: str) -> dict[str, Any]:
    """A session that is live, at the first of so many items, with its picture to come."""
    clerk = User.objects.get(pk=person("colette@example.org", "Colette Jourdan", "clerk")["pk"])
    now = timezone.now()
    made = Sitting.draft(clerk, title="Conseil en direct", starts_at=now, place="Salle du conseil", kind="meeting")
    for rank in range(1, int(items) + 1):
        Item.objects.create(sitting=made, rank=rank, number=str(rank), title=f"Sujet {rank}")
    made.convene(clerk, at=now)
    made.open(clerk, at=now)
    StreamKey.give(made, clerk, from_at=now, until_at=now + DAY, at=now)
    advance(str(made.pk), "1")
    return {
        "pk": made.pk,
        "address": made.get_absolute_url(),
        "threads": list(made.items.values_list("thread", flat=True)),
    }


def advance(pk: str, rank: str) -> None:
    """The clerk goes to the item of that rank."""
    made = Sitting.objects.get(pk=pk)
    passage = made.open_passage
    clerk = User.objects.get(email="colette@example.org")
    made.go_to(made.items.get(rank=rank), clerk, seen=passage.pk if passage else None, at=timezone.now())


def _petition(author: User, title: str, theme: Theme) -> Petition:
    petition = Petition.draft(author, title=title)
    petition.edit(author, at=timezone.now(), request="Nous demandons ceci.", details="Parce que.", theme=theme)
    petition.refresh_from_db()
    return petition


if __name__ == "__main__":
    scene, *arguments = sys.argv[1:]
    scenes = (advance, cases, cast, council, crowd, cut, doors, draft, film_again, filmed, sitting, vote)
    json.dump({each.__name__: each for each in scenes}[scene](*arguments), sys.stdout)
