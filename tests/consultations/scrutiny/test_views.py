import io
import logging
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.views.debug import SafeExceptionReporterFilter

from civic.accounts.models import Right, Role
from civic.audit.models import Entry
from consultations import box, counting, keys
from consultations.models import Ballot, Consultation, Result, Scrutineer
from consultations.models.consultation import APPEALS
from tests.consultations.ballot_box import open_vote, unfrozen

NOT_PUBLISHED = {"published_at": None, "envelope_size": None}


@pytest.fixture
def vote(colette):
    vote = open_vote(colette)
    for user in vote.scrutineers:
        Right.objects.create(user=user, role=Role.SCRUTINEER, space=vote.consultation.space)
    return vote


@pytest.fixture
def draft(vote):
    """The same consultation before its publication; no key was given yet."""
    with unfrozen():
        Consultation.objects.filter(pk=vote.consultation.pk).update(**NOT_PUBLISHED)
        Scrutineer.objects.update(public_key="", key_given_at=None, tested_at=None)
    return vote


@pytest.fixture
def sylvie(vote, sign_in):
    """The first scrutineer, signed in with a second factor."""
    return sign_in(vote.scrutineers[0])


def at(vote, name):
    return reverse(f"scrutiny:{name}", args=[vote.consultation.pk])


def text(response):
    return response.content.decode()


# --- Who gets in ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["home", "key", "test", "roll", "count", "progress", "record"])
def test_the_pages_are_their_scrutineers_only(vote, colette, bruno, sign_in, client, name):
    other = open_vote(colette)
    Right.objects.create(user=other.scrutineers[0], role=Role.SCRUTINEER, space=other.consultation.space)
    stranger = sign_in(other.scrutineers[0])
    assert client.get(at(vote, name)).status_code == 302
    assert sign_in(bruno).get(at(vote, name)).status_code == 403
    assert stranger.get(at(vote, name)).status_code == 404


def test_a_right_that_has_ended_opens_nothing(vote, sylvie):
    assert sylvie.get(at(vote, "home")).status_code == 200
    Right.objects.get(user=vote.scrutineers[0]).withdraw(at=timezone.now())
    assert sylvie.get(at(vote, "home")).status_code == 403


def test_every_page_is_kept_by_no_cache(vote, sylvie):
    for name in ("home", "key", "test", "roll", "count"):
        assert "no-store" in sylvie.get(at(vote, name))["Cache-Control"]


# --- My key -------------------------------------------------------------------------------------------


def test_a_scrutineer_gives_a_key_and_tests_it(draft, sylvie):
    pair = keys.make_pair()
    assert sylvie.post(at(draft, "key"), {"public_key": f" {pair.public}\n"}).status_code == 302
    scrutineer = Scrutineer.objects.get(rank=1)
    assert (scrutineer.public_key, scrutineer.tested_at) == (pair.public, None)

    page = sylvie.get(at(draft, "test"))
    sample, token = page.context["sample"], page.context["form"].initial["token"]
    answer = keys.answer_to(sample.sealed, pair.private)
    assert answer not in text(page)
    assert sylvie.post(at(draft, "test"), {"answer": answer, "token": token}).status_code == 302
    scrutineer.refresh_from_db()
    assert scrutineer.tested_at
    assert list(Entry.objects.filter(action__startswith="scrutineer.").values_list("action", flat=True)) == [
        "scrutineer.key_given",
        "scrutineer.key_tested",
    ]


def test_a_wrong_answer_is_refused_and_the_key_stays_untested(draft, sylvie):
    sylvie.post(at(draft, "key"), {"public_key": keys.make_pair().public})
    token = sylvie.get(at(draft, "test")).context["form"].initial["token"]
    assert sylvie.post(at(draft, "test"), {"answer": "A" * 16, "token": token}).status_code == 409
    assert Scrutineer.objects.get(rank=1).tested_at is None


def test_a_new_key_must_be_tested_again(draft, sylvie):
    scrutineer = Scrutineer.objects.get(rank=1)
    scrutineer.give_key(keys.make_pair().public, at=timezone.now())
    Scrutineer.objects.filter(pk=scrutineer.pk).update(tested_at=timezone.now())
    scrutineer.give_key(keys.make_pair().public, at=timezone.now())
    assert Scrutineer.objects.get(rank=1).tested_at is None


def test_what_is_no_key_is_said_beside_the_field(draft, sylvie):
    page = sylvie.post(at(draft, "key"), {"public_key": "abc"})
    assert page.status_code == 422
    assert "44" in text(page)


def test_two_scrutineers_never_have_one_key(draft, sylvie):
    pair = keys.make_pair()
    Scrutineer.objects.get(rank=2).give_key(pair.public, at=timezone.now())
    assert sylvie.post(at(draft, "key"), {"public_key": pair.public}).status_code == 409
    assert Scrutineer.objects.get(rank=1).public_key == ""


def test_after_the_publication_keys_stay(vote, sylvie):
    before = Scrutineer.objects.get(rank=1).public_key
    assert sylvie.post(at(vote, "key"), {"public_key": keys.make_pair().public}).status_code == 409
    assert Scrutineer.objects.get(rank=1).public_key == before


def test_without_a_key_the_test_leads_to_making_one(draft, sylvie):
    assert sylvie.get(at(draft, "test")).url == at(draft, "key")


# --- The roll -----------------------------------------------------------------------------------------


def test_the_roll_says_whether_somebody_has_voted_and_by_which_way(vote, sylvie, amina):
    from civic.kernel.mailboxes import mailbox_key
    from consultations.eligibility import Voter, roll_key
    from consultations.models import Channel

    key = roll_key(vote.consultation, mailbox_key(amina.email))
    asked = {"email": amina.email}
    assert sylvie.post(at(vote, "roll"), asked).context["fact"].status == 409
    before = text(sylvie.post(at(vote, "roll"), asked))
    box.cast(vote.consultation, Voter(key=key, channel=Channel.POST), {"nom": "o1"}, at=timezone.now())
    after = text(sylvie.post(at(vote, "roll"), asked))
    assert before != after
    assert "code" in after
    # That it was asked is journalled, about whom is not.
    entries = Entry.objects.filter(action="roll.asked")
    assert len(entries) == 3
    assert amina.email not in str(list(entries.values()))


def test_the_roll_closes_with_the_time_for_appeals(vote, sylvie):
    vote.close()
    vote.count(0, 1)
    long_ago = timezone.now() - APPEALS - timedelta(seconds=1)
    Consultation.objects.filter(pk=vote.consultation.pk).update(proclaimed_at=long_ago)
    assert sylvie.get(at(vote, "roll")).context["is_open"] is False
    assert sylvie.post(at(vote, "roll"), {"email": "amina@example.org"}).status_code == 403


# --- The count ----------------------------------------------------------------------------------------


def bring(client, vote, *places):
    scrutineers = Scrutineer.objects.filter(consultation=vote.consultation).order_by("rank")
    given = {f"key_{scrutineers[place].rank}": vote.private[place] for place in places}
    return client.post(at(vote, "count"), given)


def test_two_scrutineers_of_three_count_though_one_lost_the_key(vote, sylvie):
    codes = {vote.cast(number) for number in range(5)}
    vote.close()
    assert bring(sylvie, vote, 0, 2).url == at(vote, "record")
    assert set(Ballot.objects.values_list("code", flat=True)) == codes
    record = text(sylvie.get(at(vote, "record")))
    assert Result.objects.get().digest in record


def test_a_key_is_read_out_of_a_whole_key_file(vote, sylvie):
    vote.cast(1)
    vote.close()
    files = [f"Clé privée\nhttps://ville.example/\n\nMoitié privée\n  {private}\n" for private in vote.private]
    sylvie.post(at(vote, "count"), {"key_1": files[0], "key_2": files[1]})
    assert Result.objects.get().ballots == 1


def test_a_clerk_reaches_the_count_and_opens_nothing_without_keys(vote, colette, sign_in):
    vote.close()
    clerk = sign_in(colette)
    assert clerk.get(at(vote, "count")).status_code == 200
    assert clerk.post(at(vote, "count"), {}).status_code == 422
    assert not Result.objects.exists()


def test_a_clerk_counts_a_confidential_vote(colette, sign_in):
    vote = open_vote(colette, secrecy="confidential")
    vote.cast(1)
    vote.close()
    clerk = sign_in(colette)
    assert clerk.post(at(vote, "count"), {}).url == at(vote, "record")
    assert Result.objects.get().ballots == 1


def test_the_record_says_nothing_of_the_result(vote, sylvie):
    for number in range(3):
        vote.cast(number, nom="o2")
    vote.close()
    bring(sylvie, vote, 0, 1)
    record = text(sylvie.get(at(vote, "record")))
    assert "Parc numéro" not in record
    assert "o2" not in record.replace(Result.objects.get().digest, "")


def test_what_was_typed_is_never_shown_again(vote, sylvie):
    vote.close()
    wrong = vote.private[1][:-1] + "g"
    page = sylvie.post(at(vote, "count"), {"key_1": vote.private[0], "key_2": wrong})
    assert page.status_code == 422
    assert vote.private[0] not in text(page)
    assert wrong not in text(page)


def test_a_foreign_key_is_refused_beside_its_field_and_not_shown(vote, sylvie):
    vote.close()
    foreign = keys.make_pair().private
    page = sylvie.post(at(vote, "count"), {"key_1": vote.private[0], "key_2": foreign})
    assert page.status_code == 422
    assert page.context["form"].errors.keys() == {"key_2"}
    assert "n’est celle d’aucun scrutateur" in text(page)
    assert foreign not in text(page)
    assert vote.private[0] not in text(page)


def test_a_key_that_is_brought_twice_is_refused_at_its_second_place(vote, sylvie):
    vote.close()
    page = sylvie.post(at(vote, "count"), {"key_1": vote.private[0], "key_3": vote.private[0]})
    assert page.status_code == 422
    assert page.context["form"].errors.keys() == {"key_3"}


def test_while_no_count_is_under_way_its_page_says_what_to_do(vote, sylvie):
    vote.close()
    page = text(sylvie.get(at(vote, "progress")))
    assert "Aucun dépouillement" in page
    assert at(vote, "count") in page


def test_before_the_close_the_page_says_when_and_the_box_stays_shut(vote, sylvie):
    vote.cast(1)
    assert "<form class" not in text(sylvie.get(at(vote, "count")))
    assert bring(sylvie, vote, 0, 1).status_code == 409
    assert not Result.objects.exists()


def test_a_report_of_an_error_holds_no_key(vote, sylvie, monkeypatch):
    """Neither the log nor Django's own report of what went wrong while the keys were in memory."""
    vote.close()
    seen = {}

    def fails(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(counting, "_opened", fails)
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    logging.getLogger().addHandler(handler)
    sylvie.raise_request_exception = False
    try:
        response = bring(sylvie, vote, 0, 1)
    finally:
        logging.getLogger().removeHandler(handler)
    assert response.status_code == 500
    hexadecimal = vote.private[0].replace(" ", "")
    said = stream.getvalue() + text(response)
    assert vote.private[0] not in said
    assert hexadecimal not in said
    cleansed = SafeExceptionReporterFilter().get_post_parameters(response.wsgi_request)
    seen = {name: value for name, value in cleansed.items() if name.startswith("key_")}
    assert seen
    assert not any(private in str(seen) for private in vote.private)
