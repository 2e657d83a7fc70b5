import pytest

from civic.realtime import registry
from civic.realtime.models import Stream


def test_catching_up_gives_what_is_missing_in_the_language_asked(client, stream, say):
    for number in (1, 2, 3):
        say(stream, number)
    answer = client.get(f"/streams/{stream.pk}/?since=1&lang=en").json()
    assert answer == {
        "stream": stream.pk,
        "head": 3,
        "reset": False,
        "frames": [
            {"stream": stream.pk, "seq": seq, "kind": "line", "html": f'<p lang="en">{seq}</p>\n'} for seq in (2, 3)
        ],
    }


def test_an_unknown_language_is_the_city_s_own(client, stream, say):
    say(stream, "Bonjour")
    answer = client.get(f"/streams/{stream.pk}/?since=0&lang=xx").json()
    assert 'lang="fr"' in answer["frames"][0]["html"]


def test_a_public_stream_may_be_kept_for_a_second_and_asked_again_for_nothing(client, stream, say):
    say(stream, "one")
    address = f"/streams/{stream.pk}/?since=0"
    response = client.get(address)
    assert "public" in response["Cache-Control"] and "max-age=1" in response["Cache-Control"]
    assert not response.cookies and "Cookie" not in response.get("Vary", "")
    assert client.get(address, headers={"If-None-Match": response["ETag"]}).status_code == 304


def test_somebody_signed_in_gets_an_answer_of_their_own(client, stream, amina):
    client.force_login(amina)
    assert "private" in client.get(f"/streams/{stream.pk}/")["Cache-Control"]


def test_a_stream_that_can_t_be_read_is_not_there(client, db, monkeypatch, amina):
    monkeypatch.setitem(registry._registered, "desk", lambda user, stream: user.is_authenticated)
    desk = Stream.objects.create(kind="desk")
    assert client.get(f"/streams/{desk.pk}/").status_code == 404
    assert client.get("/streams/999999/").status_code == 404
    client.force_login(amina)
    assert client.get(f"/streams/{desk.pk}/").status_code == 200


@pytest.mark.parametrize("since", ["-1", "one", "1.5", "9" * 19])
def test_a_cursor_that_is_no_number_is_refused(client, stream, since):
    assert client.get(f"/streams/{stream.pk}/?since={since}").status_code == 400


def test_a_stream_is_read_only(client, stream):
    assert client.post(f"/streams/{stream.pk}/").status_code in {403, 405}


def test_catching_up_takes_a_bounded_number_of_queries(client, stream, say, django_assert_max_num_queries):
    for number in range(30):
        say(stream, number)
    with django_assert_max_num_queries(3):
        client.get(f"/streams/{stream.pk}/?since=0")
