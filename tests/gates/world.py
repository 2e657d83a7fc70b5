"""A small city with everything in every state, made through the product's own acts: the gates look at it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib import import_module
from uuid import uuid4

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import auth
from django.contrib.auth import get_user_model
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from civic.accounts.models import Right
from civic.comments.models import Comment, Thread
from civic.moderation.models import Case, Reason
from civic.moderation.modes import Mode
from civic.notifications.models import OutgoingMail
from civic.territory.models import Quarter, Theme
from livestream.models import Item, Sitting, StreamKey
from petitions import counting
from petitions.models import Petition, SignatureRequest, Signer
from petitions.models.links import token_of
from petitions.views.visits import ASKED, SIGNED, remember
from tests.gates.consulted import make_consultations
from tests.gates.kept import make_team
from tests.gates.moderated import make_due_process
from tests.gates.sat import make_sittings

ROLES = ("anonymous", "resident", "author", "moderator", "clerk", "administrator", "scrutineer", "unproven")
STAFF = {"moderator": "moderator", "clerk": "clerk", "administrator": "administrator", "unproven": "moderator"}
NAMES = {
    "resident": "Bruno Ferrero",
    "author": "Amina Belkacem",
    "moderator": "Mireille Aubert",
    "clerk": "Colette Jourdan",
    "administrator": "Nadia Perrin",
    # A moderator whose session has not shown a second factor.
    "unproven": "Malik Saïdi",
    # Holds keys of secret votes, and a right in their spaces alone (consulted.py).
    "scrutineer": "Solène Garnier",
}
# Others who keep keys; they open no page.
BESIDE = {"second": "Théo Lambert", "third": "Ursule Noir"}
LONG = "Une phrase que quelqu’un a écrite sans reprendre son souffle, avec anticonstitutionnellement dedans. "


@dataclass
class World:
    """Who there is and what routes can be asked about: `samples` names keyword arguments of routes."""

    samples: dict[str, dict] = field(default_factory=dict)
    sessions: dict[str, str] = field(default_factory=dict)
    people: dict = field(default_factory=dict)
    # Of secret votes, by consultation: the scrutineers' private keys as they are printed.
    private_keys: dict[int, list[str]] = field(default_factory=dict)

    def as_json(self) -> str:
        return json.dumps({"samples": self.samples, "sessions": self.sessions})


def build(at: datetime) -> World:
    """Make people, petitions in every state, signatures, what waits for a confirmation, and a desk with cases."""
    world = World()
    for role, name in NAMES.items():
        world.people[role] = person(name, STAFF.get(role), enrolled=role == "scrutineer")
        world.sessions[role] = session_of(world.people[role], proven=role != "unproven")
    world.people |= {role: person(name) for role, name in BESIDE.items()}
    world.samples["none"] = {"pk": 999_999, "slug": "rien", "token": "rien"}
    make_petitions(world, at)
    make_signatures(world, at)
    make_due_process(world, [_petition(world, f"moderated_{number}").subject for number in range(4)], at)
    make_team(world, at)
    make_sessions_of_signers(world)
    make_comments(world, at)
    make_consultations(world, at)
    make_sittings(world, at)
    make_recording(world, at)
    make_account_samples(world)
    # A machine on which the gates take longer than a lease, or than a comment can be edited, must not see
    # a case come free halfway, nor a form go away.
    Case.objects.exclude(claimed_by=None).update(claimed_until=at + timedelta(hours=6))
    Comment.objects.filter(pk=world.samples["comment_shown"]["pk"]).update(posted_at=at + timedelta(hours=6))
    return world


def make_recording(world: World, at: datetime) -> None:
    """Of a session that is live, where nothing was filmed yet; and of one that is not opened."""
    clerk = world.people["clerk"]
    for name in ("opened", "convened"):
        sitting = Sitting.draft(clerk, title="Conseil de décembre", starts_at=at, place="Salle du conseil")
        Item.objects.create(sitting=sitting, rank=1, number="1", title="Budget")
        sitting.convene(clerk, at=at)
        if name == "opened":
            sitting.open(clerk, at=at)
        StreamKey.give(sitting, clerk, from_at=at, until_at=at + timedelta(hours=6), at=at)
        said = {"begins_at": at + timedelta(minutes=1), "ends_at": at + timedelta(minutes=2)}
        sitting.recording.captions.create(text="La séance est ouverte.", speaker="Agathe Morin", **said)
        world.samples[f"recording_{name}"] = {
            "folder": sitting.recording.folder, "pk": sitting.pk, "slug": sitting.slug,
        }  # fmt: skip


# --- People -------------------------------------------------------------------------------


def person(name: str, role: str | None = None, *, enrolled: bool = False):
    email = f"{name.split(maxsplit=1)[0].lower()}@example.org"
    user = get_user_model().objects.create_user(
        email, password=f"{name} 12345", name=name, postal_code="38130", joined_at=timezone.now() - timedelta(days=300)
    )
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    if role:
        Right.objects.create(user=user, role=role)
    if role or enrolled:
        TOTP.activate(user, generate_totp_secret())
        RecoveryCodes.activate(user)
    user.tell_change()
    return user


def session_of(user, *, proven: bool = True) -> str:
    """The key of a session in which that account is signed in, its second factor shown where it has one."""
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[auth.SESSION_KEY] = str(user.pk)
    store[auth.BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[auth.HASH_SESSION_KEY] = user.get_session_auth_hash()
    # A password given just now, so that allauth does not ask for it before each change of the account:
    # it would after five minutes, which a loaded machine takes for the whole matrix.
    now = timezone.now().timestamp() + 3600
    methods = [{"method": "password", "at": now, "reauthenticated": True}]
    if proven and user.authenticator_set.exists():
        methods.append({"method": "mfa", "type": "totp", "at": now})
    store["account_authentication_methods"] = methods
    store["account_authentication_methods_user"] = str(user.pk)
    store.save()
    UserSession.objects.create(user=user, session_key=store.session_key, ip="192.0.2.1", user_agent="Navigateur")
    return store.session_key


# --- Petitions ----------------------------------------------------------------------------


def make_petitions(world: World, at: datetime) -> None:
    author = world.people["author"]
    hour = timedelta(hours=1)
    complete_from = {
        "open": at - timedelta(days=20),
        "fresh": at - hour,
        "last_day": at - timedelta(days=182, hours=20),
        "closed": at - timedelta(days=200),
        "archived": at - timedelta(days=600),
        "withdrawn": at - timedelta(days=30),
        "hidden": at - timedelta(days=10),
        "removed": at - timedelta(days=9),
    }
    for name, since in complete_from.items():
        keep(world, name, published(drafted(author, f"Une rue plus calme ({name})", at), since))
    keep(world, "scheduled", published(drafted(author, "Un abri pour les vélos", at), at, opens_at=at + timedelta(3)))
    long = drafted(author, LONG[:80], at, request=(LONG * 4)[:300], details=LONG * 20)
    keep(world, "long_open", published(long, at - hour))
    facts = {
        "archived": {"archived_at": at - timedelta(days=2)},
        "withdrawn": {"withdrawn_at": at - timedelta(days=2)},
        "hidden": {"hidden_at": at - hour},
        "removed": {"removed_at": at - hour},
    }
    for name, fields in facts.items():
        Petition.objects.filter(pk=world.samples[name]["pk"]).update(**fields)
    for number in range(4):
        keep(world, f"moderated_{number}", published(drafted(author, f"Un texte modéré ({number})", at), at - hour))
    keep(world, "draft", drafted(author, "Des bancs sur la place", at))
    bare = Petition.draft(author, title="Seulement un titre")
    keep(world, "bare_draft", bare)
    keep(world, "in_review", submitted(author, "Un banc pour la place du marché", at))
    keep(world, "long", submitted(author, "Q" * 80, at, request=(LONG * 4)[:300], details=LONG * 20))
    refused = submitted(author, "Un texte à reprendre", at)
    refused.subject.cases.update(decided_at=at)
    refused.refuse(Reason.objects.first(), suggestion="Une seule demande à la fois.", at=at)
    keep(world, "refused", refused)
    for name in ("in_review", "long"):
        world.samples[f"case_{name}"] = {"pk": _petition(world, name).subject.cases.get().pk}
    _petition(world, "in_review").subject.cases.get().claim(world.people["moderator"])


def drafted(author, title: str, at: datetime, **text):
    theme, _created = Theme.objects.get_or_create(slug="deplacements", defaults={"name": "Se déplacer"})
    quarter, _created = Quarter.objects.get_or_create(slug="surieux", defaults={"name": "Surieux"})
    petition = Petition.draft(author, title=title)
    whole = {
        "request": "Un passage surélevé et un feu devant l’école.",
        "details": "Les voitures passent **vite** :\n\n- le matin\n- le soir\n\nVoyez https://example.org/ ici.",
        "theme": theme,
        "quarter": quarter,
    }
    petition.edit(author, at=at, **whole | text)
    petition.refresh_from_db()
    return petition


def submitted(author, title: str, at: datetime, **text):
    petition = drafted(author, title, at, **text)
    petition.submit(author, at=at)
    petition.refresh_from_db()
    return petition


def published(petition, at: datetime, *, opens_at: datetime | None = None):
    petition.submitted_at = at
    petition.save(update_fields=["submitted_at"])
    petition.publish(at=at, opens_at=opens_at)
    return petition


def keep(world: World, name: str, petition) -> None:
    world.samples[name] = {"pk": petition.pk, "slug": petition.slug}
    world.samples[f"stream_{name}"] = {"pk": petition.stream_id}
    world.samples[f"subject_{name}"] = {"pk": petition.subject_id}
    world.samples[f"subject_{name}"] = {"pk": petition.subject_id}


def _petition(world: World, name: str):
    return Petition.objects.get(pk=world.samples[name]["pk"])


# --- Signatures ---------------------------------------------------------------------------


def make_signatures(world: World, at: datetime) -> None:
    """A hundred on one petition, and on others each way in which a signature can stand."""

    petition = _petition(world, "open")
    for number in range(120):
        someone = Signer(
            email=f"habitante{number}@example.org",
            name=f"Habitante {'ABCDEFGHIJ'[number % 10]}",
            postal_code="38130",
            shows_name=number % 3 == 0,
        )
        petition.sign(someone, at=at)
    resident = world.people["resident"]
    signer = Signer(email=resident.email, name=resident.name, postal_code="38130", user_id=resident.pk)
    for name in ("open", "closed", "last_day"):
        _petition(world, name).sign(signer, at=_petition(world, name).opens_at)
    asked = SignatureRequest.ask(
        _petition(world, "open"), Signer(email="camille@example.org", name="Camille Roux", postal_code="38130"), at=at
    )
    world.samples["asked"] = {"pk": petition.pk, "token": token_of(asked.nonce)}
    world.samples["asked_request"] = {"nonce": asked.nonce.hex}
    world.samples["mail"] = {"pk": OutgoingMail.objects.get(to=asked.email).pk}
    by_mail = Signer(email="danielle@example.org", name="Danielle Petit", postal_code="38130", wants_news=True)
    confirmed = SignatureRequest.ask(petition, by_mail, at=at)
    world.samples["confirmed"] = {"pk": petition.pk, "token": token_of(confirmed.nonce)}
    world.samples["confirmed_signature"] = {"pk": confirmed.confirm(at=at)}
    counting.count_moved()


def make_sessions_of_signers(world: World) -> None:
    """Visitors without an account in the middle of signing: one waits for the mail, one has just confirmed."""

    petition = world.samples["open"]["pk"]
    world.sessions["asking"] = _visit(ASKED, petition, world.samples["asked_request"]["nonce"])
    world.sessions["thanked"] = _visit(SIGNED, petition, world.samples["confirmed_signature"]["pk"])


def _visit(what: str, petition: int, value: str | int) -> str:
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore()
    remember(request, what, petition, value)
    request.session.save()
    return request.session.session_key


# --- Comments -----------------------------------------------------------------------------


@transaction.atomic  # a comment and its place are locked before what is decided of them
def make_comments(world: World, at: datetime) -> None:
    """On the open petition a comment in every state, with replies; on the long one a long text."""
    resident, author = world.people["resident"], world.people["author"]
    thread = _petition(world, "open").thread

    def say(name: str, by, text: str, **fields):
        given = {"key": uuid4(), "at": at, "position": "" if "parent" in fields else "for"} | fields
        comment = thread.post(by, text, **given)
        world.samples[f"comment_{name}"] = {"pk": comment.pk}
        return comment

    shown = say("shown", resident, "Je passe là **tous les matins**, et je n’ai jamais vu une voiture s’arrêter.")
    say("reply", author, "Merci de le dire ici.", parent=shown)
    say("answer", world.people["clerk"], "La ville fait **mesurer** la vitesse.", parent=shown, is_official=True)
    for number in range(3):
        say(f"reply_{number}", author, f"Une réponse de plus, la {number}.", parent=shown)
    say("deleted", resident, "À supprimer.", position="against").withdraw(resident, at=at)
    say("hidden", resident, "Un texte masqué.").locked().hide(Reason.objects.first(), at=at)
    say("masked", author, "Un texte en partie masqué.", position="neutral").locked().mask("Un texte […].", at=at)
    for number in range(6):
        say(f"more_{number}", author, f"Une réaction de plus, la {number}.")
    Thread.objects.filter(pk=thread.pk).update(mode=Mode.BEFORE)
    say("held", resident, "Personne ne lit encore ceci.")
    Thread.objects.filter(pk=thread.pk).update(mode=Mode.AFTER)
    world.samples["thread_open"] = {"pk": thread.pk}
    for name in ("closed", "long_open", "draft", "hidden"):
        world.samples[f"thread_{name}"] = {"pk": _petition(world, name).thread_id}
    thread = _petition(world, "long_open").thread
    say("long", author, LONG * 15)
    _petition(world, "long_open").thread.arrange(
        world.people["moderator"], slow_seconds=60, delay_seconds=20, pinned=LONG * 2
    )
    early = _petition(world, "fresh").thread
    early.close_early(world.people["moderator"], LONG, at=at)
    world.samples["thread_closed_early"] = {"pk": early.pk}


def make_account_samples(world: World) -> None:
    resident = world.people["resident"]
    key = default_token_generator.make_token(resident)
    world.samples["reset"] = {"uidb36": user_pk_to_url_str(resident), "key": key}
    world.samples["passkey"] = {"pk": 999_999}
    world.samples["resident_session"] = {"pk": UserSession.objects.get(user=resident).pk}


@contextmanager
def rolled_back() -> Iterator[World]:
    """The world inside one transaction that leaves nothing behind."""

    with transaction.atomic():
        yield build(timezone.now())
        transaction.set_rollback(True)
