"""What people write is inert wherever it is shown: pages, mails, feeds, JSON, live fragments.

Fields are found from the forms and the models, so that a new one joins by itself, and are filled
straight in the database: what a form would refuse today may have been stored yesterday.
"""

import csv
import json
from contextlib import suppress
from importlib import import_module
from inspect import isclass
from io import StringIO
from itertools import chain
from pkgutil import walk_packages
from uuid import uuid4
from xml.etree import ElementTree

import pytest
from allauth.account.models import EmailAddress
from django import forms
from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.test import Client
from django.utils import timezone

from civic.accounts.models import User
from civic.comments.models import Comment
from civic.kernel.mailboxes import mailbox_key
from civic.kernel.tabular import FORMULA
from civic.kernel.text import TAGS, clean_text
from civic.moderation.models import Case, Reason
from civic.notifications.models import OutgoingMail
from consultations import telling
from consultations.eligibility import roll_key
from consultations.models import Consultation, OpenBallot, RollEntry, Version, VotedBefore
from consultations.models.publishing import snapshot
from petitions import counting
from petitions.models import Petition, SignatureRequest, Signer
from tests.consultations.ballot_box import unfrozen
from tests.gates import inert, routes
from tests.gates.sources import PACKAGES
from tests.gates.world import rolled_back

pytestmark = pytest.mark.django_db
PAYLOADS = inert.payloads()
# Short fields hold one payload at a time, long ones all that fits from there on.
TURNS = range(0, len(PAYLOADS), 4)
# What people fill in under another name than the column's.
ELSEWHERE = {"Consultation.decision"}
# Drawn or made by machines: their alphabet is checked where they are made.
CODES = {"code", "public_key"}
ALLOWED = TAGS | {"a[href]", "a[rel]"}
# What the last act answered, which the next page shows once.
MESSAGES = {"div", "div[class]", "div[role]"}
SHOWN = [entry for entry in routes.entries() if "token" not in routes.arguments_of(entry.name)]


def text_names_of_forms() -> set[str]:
    """Names of the fields in which people type text, in every form of the product."""
    found = set()
    for package in PACKAGES:
        for module in walk_packages(import_module(package).__path__, f"{package}."):
            if module.name.rpartition(".")[2] == "forms":
                for form in vars(import_module(module.name)).values():
                    if isclass(form) and issubclass(form, forms.BaseForm) and hasattr(form, "base_fields"):
                        found |= {name for name, field in form.base_fields.items() if is_text(field)}
    return found


def is_text(field: forms.Field) -> bool:
    typed = not isinstance(field.widget, forms.PasswordInput | forms.HiddenInput)
    return isinstance(field, forms.CharField) and typed


def filled_fields() -> list[models.Field]:
    """Columns of our models that such a field fills."""
    names = text_names_of_forms()
    return [
        field
        for model in apps.get_models()
        if model.__module__.partition(".")[0] in PACKAGES
        for field in model._meta.get_fields()
        if isinstance(field, models.CharField | models.TextField) and not field.choices
        # Codes and parts of addresses are nobody's words.
        if isinstance(field, models.EmailField) or not (field.unique or isinstance(field, models.SlugField))
        if field.name not in CODES
        if {field.name, field.name.rpartition("_")[2]} & names or f"{model.__name__}.{field.name}" in ELSEWHERE
    ]


def fill(turn: int) -> None:
    """Write payloads into every such column of every row, what is frozen once published included."""
    addresses = dict(User.objects.values_list("pk", "email"))
    with unfrozen():
        for field in filled_fields():
            for number, row in enumerate(field.model._default_manager.order_by("pk")):
                value = payload_for(field, turn + (number % 4))
                # What a constraint refuses (a text where a deleted comment has none) can't have been stored.
                with suppress(IntegrityError), transaction.atomic():
                    field.model._default_manager.filter(pk=row.pk).update(**{field.name: value})
        for version in Version.objects.all():
            Version.objects.filter(pk=version.pk).update(content=snapshot(version.consultation))
        follow_addresses(addresses)
    # Made when a text is written, not when it is read.
    for comment in Comment.objects.filter(deleted_at=None):
        Comment.objects.filter(pk=comment.pk).update(html=clean_text(comment.masked_text or comment.text))


def follow_addresses(before: dict[int, str]) -> None:
    """An address is also who somebody is: whoever had voted has still voted, and is still confirmed."""
    now = dict(User.objects.values_list("pk", "email"))
    for pk, email in now.items():
        EmailAddress.objects.filter(user=pk).update(email=email)
    moved = {
        roll_key(consultation, mailbox_key(before[pk])): roll_key(consultation, mailbox_key(email))
        for consultation in Consultation.objects.all()
        for pk, email in now.items()
    }
    for model in (RollEntry, OpenBallot, VotedBefore):
        for key in model.objects.filter(key__in=moved).values_list("key", flat=True):
            model.objects.filter(key=key).update(key=moved[key])


def payload_for(field: models.Field, number: int) -> str:
    length = field.max_length or 5000
    if isinstance(field, models.EmailField):
        local = "".join(c for c in PAYLOADS[number % len(PAYLOADS)] if c.isascii() and c not in '"\\\n\r')
        return f'"{local[:60]}{uuid4().hex[:8]}"@example.org'.lower()
    if length < 500:
        return PAYLOADS[number % len(PAYLOADS)][:length]
    text = ""
    for step in range(len(PAYLOADS)):
        following = f"{text}\n\n{PAYLOADS[(number + step) % len(PAYLOADS)]}"
        if len(following) > length:
            break
        text = following
    return text


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), rolled_back() as world:
        yield world


def client_of(world, role: str) -> Client:
    client = Client(raise_request_exception=False)
    if role in world.sessions:
        client.cookies[settings.SESSION_COOKIE_NAME] = world.sessions[role]
    return client


def answers(world):
    """Address and answer of everything that shows something, as the roles that see it."""
    for entry in SHOWN:
        for role in entry.seen_by or ("anonymous",):
            client = client_of(world, role)
            for address in entry.addresses(world):
                response = client.get(address)
                if response.status_code == 200:
                    yield f"{address} as {role}", response


def test_the_fields_that_people_fill_are_found():
    found = {f"{field.model.__name__}.{field.name}" for field in filled_fields()}
    assert found >= {
        "Comment.text",
        "Petition.title",
        "Petition.request",
        "Petition.details",
        "Petition.refusal_suggestion",
        "Signature.name",
        "SignatureRequest.name",
        "SignatureRequest.email",
        "Decision.suggestion",
        "Report.sentence",
        "Appeal.text",
        "Appeal.answer",
        "Consultation.title",
        "Consultation.summary",
        "Consultation.description",
        "Consultation.easy_read",
        "Consultation.decision",
        "Consultation.withdrawal_reason",
        "Question.text",
        "Question.help",
        "Option.label",
        "Option.description",
        "Document.title",
        "Version.explanation",
        "Extension.reason",
        "ResidentList.name",
        "ListedPerson.label",
        "User.name",
        "User.email",
    }


@pytest.mark.parametrize("payload", PAYLOADS)
def test_clean_text_leaves_nothing_that_acts(payload):
    tree = inert.fragment(clean_text(payload))
    assert list(inert.dangers(tree)) == []
    assert inert.elements(tree) - {"DOCUMENT_FRAGMENT"} <= ALLOWED


@pytest.fixture(scope="module")
def looked_at():
    return {}


@pytest.fixture
def harmless(world, looked_at):
    """Elements of each answer as they are without payloads: what is more than these came from a text."""
    if not looked_at:
        looked_at |= {name: inert.elements(tree_of(response)) for name, response in answers(world) if is_html(response)}
    return looked_at


@pytest.mark.parametrize("turn", TURNS)
def test_a_stored_text_does_nothing_wherever_it_is_shown(turn, world, harmless):
    with transaction.atomic():
        fill(turn)
        faults = [fault for name, response in answers(world) for fault in faults_of(name, response, harmless)]
        faults += faults_of_mails_and_events(world)
        transaction.set_rollback(True)
    assert faults == [], "\n".join(faults)


def is_html(response) -> bool:
    return response["Content-Type"].startswith("text/html")


def tree_of(response):
    return inert.page(response.content.decode())


def faults_of(name: str, response, harmless: dict[str, set[str]]):
    kind = response["Content-Type"].partition(";")[0]
    if is_html(response):
        tree = tree_of(response)
        yield from (f"{name}: {danger}" for danger in inert.dangers(tree))
        yield from (
            f"{name}: {added}" for added in inert.elements(tree) - harmless.get(name, set()) - ALLOWED - MESSAGES
        )
    elif kind == "application/json":
        yield from (f"{name}: {fault}" for html in htmls_in(json.loads(response.content)) for fault in faults_in(html))
    elif kind == "application/atom+xml":
        yield from (f"{name}: {fault}" for html in htmls_of_feed(response.content) for fault in faults_in(html))
    elif kind == "text/csv":
        cells = chain.from_iterable(csv.reader(StringIO(text_of(response), newline="")))
        yield from (f"{name}: a formula: {cell}" for cell in cells if cell.startswith(FORMULA))
    elif kind in ("application/pdf", "application/zip"):
        assert response["Content-Disposition"].startswith(("attachment", "inline")), name
    else:
        assert kind == "text/plain", f"{name} is {kind}: how is it read?"
    assert response["X-Content-Type-Options"] == "nosniff"


def text_of(response) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return content.decode()


def faults_in(html: str):
    tree = inert.fragment(html)
    yield from inert.dangers(tree)


def htmls_in(value):
    """Texts that a reader takes as HTML: the frames of streams."""
    if isinstance(value, dict):
        yield from (text for key, text in value.items() if key == "html")
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from htmls_in(item)


def htmls_of_feed(content: bytes):
    """Atom's `type="html"` texts, which feed readers show as HTML (RFC 4287, 3.1.1.2)."""
    for node in ElementTree.fromstring(content).iter():
        if node.get("type") == "html":
            yield node.text or ""


def faults_of_mails_and_events(world):
    """Provoke mails and frames over the payloads, then read them."""
    at = timezone.now()
    before = set(OutgoingMail.objects.values_list("pk", flat=True))
    petition = Petition.objects.get(pk=world.samples["open"]["pk"])
    SignatureRequest.ask(
        petition, Signer(email="x@example.org", name="<script>alert(1)</script>", postal_code="38130"), at=at
    )
    for name, action in (("case_in_review", "publish"), ("case_long", "refuse")):
        decide(Case.objects.get(pk=world.samples[name]["pk"]), world.people["moderator"], action, at=at)
    counting.publish_count(petition, at=at)
    corrected = Version.objects.filter(number__gt=1).select_related("consultation").get()
    telling.tell_corrected(corrected)
    sent = OutgoingMail.objects.exclude(pk__in=before)
    assert len(sent) >= 4
    for mail in sent:
        assert "\n" not in mail.subject
        tree = inert.page(mail.html)
        # Mails have styles of their own; nothing else is theirs alone.
        found = (danger for danger in inert.dangers(tree) if " style=" not in danger)
        yield from (f"mail “{mail.subject}”: {danger}" for danger in found)
    for event in petition.stream.events.all():
        yield from (f"event {event.kind}: {fault}" for html in event.html.values() for fault in faults_in(html))


def decide(case, by, action: str, *, at):
    case.claim(by)
    case.refresh_from_db()
    reason = Reason.objects.filter(is_active=True).first() if action == "refuse" else None
    revision = case.card().revision
    case.decide(
        by, action, version=case.version, revision=revision, key=uuid4(), at=at, reason=reason, suggestion=PAYLOADS[5]
    )
