"""Streams through real servers and real sockets, one process and three, each with both ways of waking the hubs."""

from contextlib import ExitStack

import pytest
from django.conf import settings as configured
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection, transaction
from websockets.exceptions import InvalidStatus

from civic.realtime.access import access_changed
from civic.realtime.models import Stream
from civic.territory.models import Space
from tests.realtime.servers import (
    PATIENCE,
    InTurn,
    database_url,
    is_closed,
    receive,
    redis_server,
    serving,
    wait_until,
)

pytestmark = pytest.mark.django_db(transaction=True)
WAYS = ["notify", pytest.param("redis", marks=pytest.mark.redis)]
PROCESSES = {"daphne": ["daphne"], "uvicorn": ["uvicorn"], "three": ["uvicorn", "daphne", "uvicorn"]}


@pytest.fixture(scope="module", params=WAYS)
def redis_url(request):
    if request.param == "notify":
        yield ""
    else:
        with redis_server() as redis:
            yield redis.url


@pytest.fixture(scope="module", params=PROCESSES)
def server(request, redis_url, django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), ExitStack() as stack:
        url, kinds = database_url(connection), PROCESSES[request.param]
        servers = [stack.enter_context(serving(kind, database=url, redis_url=redis_url)) for kind in kinds]
        yield servers[0] if len(servers) == 1 else InTurn(servers)


@pytest.fixture(autouse=True)
def same_wakeups(settings, redis_url):
    settings.REDIS_URL = redis_url
    layer = {"BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer", "CONFIG": {"hosts": [redis_url]}}
    settings.CHANNEL_LAYERS = {"default": layer} if redis_url else {}


@pytest.fixture
def make_stream():
    return lambda kind="hall": Stream.objects.create(kind=kind)


@pytest.fixture
def stream(make_stream):
    return make_stream()


@pytest.fixture
def sign_in():
    def sign_in(user):
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = configured.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
        return session.session_key

    return sign_in


def hear(socket):
    """The next event; heartbeats come in between whenever it is their time."""
    while (frame := receive(socket))["kind"] == "heartbeat":
        pass
    return frame


def test_who_comes_in_is_greeted_with_the_head(server, stream, say):
    say(stream, "before")
    with server.follow(stream) as socket:
        assert receive(socket) == {"stream": stream.pk, "seq": 1, "kind": "heartbeat"}


def test_an_event_reaches_every_socket_in_its_language_at_the_commit(server, stream, say):
    with server.follow(stream) as french, server.follow(stream, lang="en") as english:
        receive(french), receive(english)
        with transaction.atomic():
            say(stream, "Bonjour")
        assert hear(french) == {"stream": stream.pk, "seq": 1, "kind": "line", "html": '<p lang="fr">Bonjour</p>\n'}
        assert hear(english)["html"] == '<p lang="en">Bonjour</p>\n'


def test_nothing_is_heard_of_what_was_rolled_back(server, stream, say):
    with server.follow(stream) as socket:
        receive(socket)
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            say(stream, "never")
            raise ZeroDivisionError
        say(stream, "said")
        assert "said" in hear(socket)["html"]


def test_a_burst_arrives_whole_and_in_order(server, stream, say):
    with server.follow(stream) as socket:
        receive(socket)
        for number in range(1, 41):
            say(stream, number)
        assert [hear(socket)["seq"] for _ in range(40)] == list(range(1, 41))


def test_what_was_replaced_in_its_slot_is_not_taken_for_a_loss(server, stream, say):
    with server.follow(stream) as socket:
        receive(socket)
        with transaction.atomic():
            for number in range(1, 6):
                say(stream, number, slot="count")
        frame = hear(socket)
        assert (frame["seq"], frame["prev"]) == (5, 0)


def test_a_viewer_away_from_10_to_30_catches_up_by_http(server, stream, say):
    for number in range(1, 31):
        say(stream, number)
    answer = server.catch_up(stream, 10)
    assert [frame["seq"] for frame in answer["frames"]] == list(range(11, 31))
    assert (answer["stream"], answer["head"], answer["reset"]) == (stream.pk, 30, False)


def test_every_socket_but_the_site_s_own_is_refused(server, stream):
    port = server.port
    for origin in (None, "null", f"https://127.0.0.1:{port}", f"http://127.0.0.1:{port + 1}", "http://example.org"):
        with pytest.raises(InvalidStatus) as refused:
            server.follow(stream, origin=origin)
        assert refused.value.response.status_code == 403


def test_the_site_under_its_other_name_is_its_own(server, stream):
    with server.follow(stream, host="localhost", origin=f"http://localhost:{server.port}") as socket:
        assert receive(socket)["kind"] == "heartbeat"


def test_a_socket_that_may_not_read_is_refused(server, make_stream, stream):
    for closed in (make_stream("desk"), make_stream("unknown"), Stream(pk=stream.pk + 1000)):
        with pytest.raises(InvalidStatus) as refused:
            server.follow(closed)
        assert refused.value.response.status_code == 403


def test_somebody_signed_in_reads_what_others_may_not(server, make_stream, amina, sign_in, say):
    desk = make_stream("desk")
    with server.follow(desk, session=sign_in(amina)) as socket:
        receive(socket)
        say(desk, "for staff")
        assert "for staff" in hear(socket)["html"]


def test_a_session_from_before_a_new_password_opens_nothing(server, make_stream, amina, sign_in):
    session = sign_in(amina)
    amina.set_password("another one, longer")
    amina.save()
    with pytest.raises(InvalidStatus):
        server.follow(make_stream("desk"), session=session)


def test_changed_access_closes_the_sockets_of_that_account_alone(server, make_stream, amina, bruno, sign_in):
    desk = make_stream("desk")
    with server.follow(desk, session=sign_in(amina)) as hers, server.follow(desk, session=sign_in(bruno)) as his:
        receive(hers), receive(his)
        access_changed(user=amina)
        assert is_closed(hers, 1008)
        assert his.ping().wait(PATIENCE)


def test_hiding_closes_its_stream_and_lets_nobody_back(server, make_stream):
    page = make_stream("page")
    with server.follow(page) as socket:
        receive(socket)
        with transaction.atomic():
            Space.objects.create(kind=f"hides-{page.pk}")
            page.close()
        assert is_closed(socket, 1008)
    with pytest.raises(InvalidStatus):
        server.follow(page)


def test_what_comes_in_is_ignored(server, stream, say):
    with server.follow(stream) as socket:
        receive(socket)
        socket.send('{"kind": "line", "html": "<b>mine</b>"}')
        socket.send(b"\x00" * 16 * 1024)
        say(stream, "said")
        assert "said" in hear(socket)["html"]


@pytest.mark.parametrize("content", ["é" * 8193, b"\x00" * (16 * 1024 + 1)], ids=["text", "bytes"])
def test_a_frame_over_16_kib_closes_the_socket(server, stream, content):
    with server.follow(stream) as socket:
        receive(socket)
        socket.send(content)
        assert is_closed(socket, 1009)


def test_a_room_that_everybody_left_opens_again(server, stream, say):
    with server.follow(stream) as socket:
        receive(socket)
    say(stream, "to nobody")
    with server.follow(stream) as socket:
        wait_until(lambda: receive(socket)["seq"] == 1, "the head is 1")
        say(stream, "to one")
        assert hear(socket)["seq"] == 2
