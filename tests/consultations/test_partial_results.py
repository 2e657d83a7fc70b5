"""While a vote is open nobody learns how it stands: not from a page, a stream, a file, a desk or a scrutineer's page.

Twenty people vote one way, all is read by everyone; it is taken back, twenty vote another way, all is read again: not
a sign may differ. That the number of voters is seen at all proves that the pages look at these votes.
"""

import re

import pytest
import time_machine
from django.conf import settings
from django.core.cache import caches
from django.db import transaction
from django.test import Client
from django.utils import timezone

from civic.realtime.models import StreamEvent
from consultations import box, turnout
from consultations.eligibility import Voter, roll_key
from consultations.models import Consultation
from tests.gates import routes
from tests.gates.world import rolled_back

pytestmark = pytest.mark.django_db
VOTERS = 20
OPEN = ("confidential", "secret")
# Every route that takes one of these votes; and lists and feeds, on which they stand beside others.
PLACES = ("consultation", "clerk:", "scrutiny:")
BESIDE = ("portal:home", "consultations:list", "consultations-json", "consultations-atom", "clerk:list")
FILES = ("resultats.csv", "resultats.json", "bulletins.csv", "consultation.json", "recompter.pyz", "budget.pb")
READERS = ("anonymous", "resident", "author", "moderator", "clerk", "administrator", "scrutineer")
# What every answer draws anew: tokens of forms, samples of keys, random names of fields.
DRAWN = re.compile(
    r'name="(?:csrfmiddlewaretoken|token)"[^>]*|data-(?:sealed|nonce)="[^"]*"|<p class="key">[^<]*</p>|"[0-9a-f]{64}"'
)


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), rolled_back() as world:
        yield world


def opened(world) -> list[Consultation]:
    return [Consultation.objects.get(pk=world.samples[f"consultation_{name}"]["pk"]) for name in OPEN]


def answer(kind: str, option: str):
    return {"single": option, "multiple": [option], "ranking": [option], "grades": {option: 0}, "points": {option: 3}}[
        kind
    ]


def all_vote(consultation: Consultation, option: str) -> None:
    answers = {question.slug: answer(question.kind, option) for question in consultation.questions.all()}
    for number in range(VOTERS):
        voter = Voter(key=roll_key(consultation, f"person-{number}"))
        box.cast(consultation, voter, answers, at=timezone.now())


def addresses(world) -> list[str]:
    """Every page of these votes, what lists them, and their streams."""
    found = {f"/streams/{consultation.stream_id}/?since=0" for consultation in opened(world)}
    found |= {routes.address(name, "", world) for name in BESIDE}
    for vote in OPEN:
        sample = f"consultation_{vote}"
        given = world.samples[sample].keys()
        names = [n for n in routes.found() if n.startswith(PLACES) and {"pk"} <= routes.arguments_of(n) <= given]
        found |= {routes.address(name, sample, world) for name in names}
        found |= {f"/consultations/{world.samples[sample]['pk']}/resultats/{file}" for file in FILES}
    return sorted(found)


def read_by(world, *roles: str) -> dict[tuple[str, str], str]:
    found = {}
    for role in roles:
        client = Client(raise_request_exception=False)
        if role in world.sessions:
            client.cookies[settings.SESSION_COOKIE_NAME] = world.sessions[role]
        for address in addresses(world):
            response = client.get(address)
            body = b"".join(response.streaming_content) if response.streaming else response.content
            found[role, address] = f"{response.status_code} {DRAWN.sub('', body.decode(errors='replace'))}"
    return found


def pushed_by(world) -> dict[tuple[str, str], str]:
    """What open sockets are sent: the events of a stream, whoever reads it, and nothing else."""
    events = StreamEvent.objects.filter(stream__in=[consultation.stream_id for consultation in opened(world)])
    return {("socket", f"{event.stream_id}/{event.kind}/{event.slot}"): str(event.html) for event in events}


def seen_after(world, option: str) -> dict[tuple[str, str], str]:
    """What everyone reads once twenty people have voted so everywhere; then it is as if they had not."""
    for cache in caches.all():
        cache.clear()
    with transaction.atomic():
        for consultation in opened(world):
            all_vote(consultation, option)
        turnout.follow()
        found = read_by(world, *READERS) | pushed_by(world)
        transaction.set_rollback(True)
    return found


def test_no_page_no_stream_and_no_role_tells_how_an_open_vote_stands(world):
    with time_machine.travel(timezone.now(), tick=False):
        nobody = read_by(world, "anonymous")
        one_way, other_way = seen_after(world, "o1"), seen_after(world, "o2")
    assert one_way.keys() == other_way.keys()
    assert [f"{place[1]} as {place[0]}" for place in one_way if one_way[place] != other_way[place]] == []
    assert any(reader == "socket" for reader, _address in one_way)
    # The pages do look: the number of voters is there, and it is the same.
    told = {place[1] for place in one_way if place[0] == "anonymous" and one_way[place] != nobody[place]}
    assert {"/consultations/", *(f"/consultations/{vote.pk}-{vote.slug}/" for vote in opened(world))} <= told
    assert any(address.startswith("/streams/") for address in told)


def test_the_own_answers_of_one_voter_are_shown_to_nobody_else(world):
    """A confidential vote can be changed by its voter alone; a secret one is not shown even to them."""
    secret = opened(world)[1]
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = world.sessions["author"]
    page = client.get(f"/consultations/{secret.pk}/participer/").content.decode()
    assert "checked" not in page
