"""What people write is inert wherever it is shown: pages, mails, feeds, JSON, live fragments."""

import csv
import json
import re
from io import StringIO
from itertools import chain
from uuid import uuid4
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.utils import timezone

from civic.kernel.tabular import FORMULA
from civic.kernel.text import TAGS, clean_text
from civic.moderation.models import Case, Reason
from civic.notifications.models import OutgoingMail
from consultations import telling
from consultations.models import Version
from petitions import counting
from petitions.models import Petition, SignatureRequest, Signer
from tests.gates import inert, routes
from tests.gates.filling import AT_ONCE, PAYLOADS, fill, filled_fields
from tests.gates.world import rolled_back

pytestmark = pytest.mark.django_db
# Short fields hold one payload at a time, long ones all that fits from there on.
TURNS = range(0, len(PAYLOADS), AT_ONCE)
ALLOWED = TAGS | {"a[href]", "a[rel]"}
# Lines of a calendar: properties that we write, each with a value in which no line ends.
CALENDAR = re.compile(
    r"(BEGIN|END|VERSION|PRODID|METHOD|NAME|X-WR-CALNAME|UID|SEQUENCE|DTSTAMP|LAST-MODIFIED|DTSTART|DTEND|STATUS|SUMMARY"
    r"|LOCATION|DESCRIPTION|URL):[^\r\n]*"
)
# What the last act answered, which the next page shows once.
MESSAGES = {"div", "div[class]", "div[role]"}
SHOWN = [entry for entry in routes.entries() if "token" not in routes.arguments_of(entry.name)]


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
        "Thread.pinned",
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
        "Sitting.title",
        "Sitting.cancellation_reason",
        "Item.title",
        "Item.summary",
        "Paper.title",
        "Division.subject",
        "HandPoll.question",
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
    elif kind == "text/calendar":
        lines = text_of(response).replace("\r\n ", "").removesuffix("\r\n").split("\r\n")
        yield from (f"{name}: a line of its own: {line}" for line in lines if not CALENDAR.fullmatch(line))
    elif kind in ("application/pdf", "application/zip"):
        assert response["Content-Disposition"].startswith(("attachment", "inline")), name
    elif kind == "application/vnd.apple.mpegurl":
        # Names of files, dates and numbers, none of which anybody types.
        assert response.content.startswith(b"#EXTM3U"), name
    elif kind == "text/vtt":
        # Read by the rules of the format, nothing is a tag but the voice, and each cue has one line.
        for cue in text_of(response).split("\n\n")[1:]:
            times, *said = cue.strip("\n").split("\n")
            assert times.count("-->") == 1 and len(said) == 1, f"{name}: {cue}"
            yield from (f"{name}: {line}" for line in said if re.search(r"[<>]", re.sub(r"^<v [^<>]+>", "", line)))
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
