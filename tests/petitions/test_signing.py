"""One person, one signature: by the rule, and when many come at once."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from civic.notifications.models import OutgoingMail
from petitions.models import (
    AlreadySigned,
    MailboxFull,
    Petition,
    PetitionClosed,
    Signature,
    SignatureRequest,
    SignatureSetAside,
)
from petitions.models.links import LinkGone
from petitions.models.request import TooManyTries
from tests.concurrency import together
from tests.petitions.conftest import signer


def test_a_signature_is_one_row_and_nothing_else(opened, django_assert_num_queries):
    with django_assert_num_queries(1):
        opened.sign(signer(), at=timezone.now())
    assert opened.signatures.count() == 1
    opened.counter.refresh_from_db()
    assert opened.counter.confirmed == 0


@pytest.mark.parametrize(
    "address", ["bruno@example.org", "BRUNO@example.org", "bruno+petition@example.org", " bruno@example.org "]
)
def test_the_same_mailbox_however_written_is_refused(opened, address):
    opened.sign(signer(), at=timezone.now())
    with pytest.raises(AlreadySigned):
        opened.sign(signer(email=address), at=timezone.now())
    assert opened.signatures.count() == 1


def test_a_shared_mailbox_signs_for_two_people_of_one_postal_code(opened):
    opened.sign(signer("Bruno Ferrero"), at=timezone.now())
    opened.sign(signer("Odile Ferrero"), at=timezone.now())
    with pytest.raises(MailboxFull):
        opened.sign(signer("Paul Ferrero"), at=timezone.now())
    with pytest.raises(AlreadySigned):
        opened.sign(signer("ODILE FERRÉRO"), at=timezone.now())
    assert sorted(opened.signatures.values_list("place", flat=True)) == [1, 2]


def test_a_shared_mailbox_with_another_postal_code_is_refused(opened):
    opened.sign(signer("Bruno Ferrero"), at=timezone.now())
    with pytest.raises(MailboxFull):
        opened.sign(signer("Odile Ferrero", postal_code="38100"), at=timezone.now())


@pytest.mark.parametrize("moment", [timedelta(days=-1), timedelta(days=184)])
def test_signing_outside_the_collection_is_refused(opened, moment):
    with pytest.raises(PetitionClosed):
        opened.sign(signer(), at=opened.opens_at + moment)


def test_the_closing_second_itself_is_too_late(opened):
    with pytest.raises(PetitionClosed):
        opened.sign(signer(), at=opened.closes_at)
    opened.sign(signer(), at=opened.closes_at - timedelta(microseconds=1))


def test_who_withdrew_may_sign_again_in_the_same_row(opened):
    pk = opened.sign(signer(), at=timezone.now())
    Signature.objects.get(pk=pk).withdraw(at=timezone.now())
    assert opened.sign(signer(), at=timezone.now()) == pk
    assert Signature.objects.get(pk=pk).counts


def test_what_was_invalidated_stays_so(opened):
    pk = opened.sign(signer(), at=timezone.now())
    Signature.objects.filter(pk=pk).update(invalidated_at=timezone.now(), withdrawn_at=timezone.now())
    with pytest.raises(SignatureSetAside):
        opened.sign(signer(), at=timezone.now())


def test_the_database_alone_refuses_a_second_row(opened):
    pk = opened.sign(signer(), at=timezone.now())
    first = Signature.objects.get(pk=pk)
    first.pk = None
    with pytest.raises(IntegrityError, match="petitions_signature_one_per_person"), transaction.atomic():
        first.save()
    with pytest.raises(IntegrityError, match="petitions_signature_anonymised_or_keyed"), transaction.atomic():
        Signature.objects.filter(pk=pk).update(mailbox_key=None)


def test_erasing_while_it_collects_lets_the_count_fall_and_leaves_nobody(opened):
    signature = Signature.objects.get(pk=opened.sign(signer(shows_name=True), at=timezone.now()))
    signature.erase(at=timezone.now())
    left = Signature.objects.get(pk=signature.pk)
    assert not left.counts
    assert (left.name, left.email, left.folded_name, left.mailbox_key, left.user_id) == ("", "", "", None, None)
    assert left.signed_at.minute == left.signed_at.second == 0
    opened.sign(signer(), at=timezone.now())


def test_erasing_after_the_closing_keeps_the_certified_count(opened):
    signature = Signature.objects.get(pk=opened.sign(signer(), at=timezone.now()))
    signature.erase(at=opened.closes_at + timedelta(days=1))
    left = Signature.objects.get(pk=signature.pk)
    assert left.counts
    assert left.name == ""


# --- By mail ------------------------------------------------------------------------------


def test_a_request_is_no_signature_until_it_is_confirmed(opened):
    asked = SignatureRequest.ask(opened, signer(), at=timezone.now())
    assert opened.signatures.count() == 0
    asked.confirm(at=timezone.now())
    assert opened.signatures.count() == 1
    assert not SignatureRequest.objects.exists()


def test_confirming_twice_is_told(opened):
    asked = SignatureRequest.ask(opened, signer(), at=timezone.now())
    asked.confirm(at=timezone.now())
    with pytest.raises(LinkGone):
        asked.confirm(at=timezone.now())
    assert opened.signatures.count() == 1


def test_a_later_request_takes_the_place_of_the_earlier(opened):
    first = SignatureRequest.ask(opened, signer("Bruno Ferrero"), at=timezone.now())
    second = SignatureRequest.ask(opened, signer("Bruno FERRERO", postal_code="38100"), at=timezone.now())
    assert SignatureRequest.objects.count() == 1
    with pytest.raises(LinkGone):
        first.confirm(at=timezone.now())
    second.confirm(at=timezone.now())
    assert opened.signatures.get().postal_code == "38100"


def test_nobody_blocks_a_mailbox_by_asking_under_other_names(opened):
    now = timezone.now()
    for number, name in enumerate(["Un Autre", "Deux Autre", "Trois Autre"]):
        SignatureRequest.ask(opened, signer(name), at=now + timedelta(seconds=number))
    mine = SignatureRequest.ask(opened, signer("Bruno Ferrero"), at=now + timedelta(seconds=9))
    assert SignatureRequest.objects.count() == 2
    mine.confirm(at=now + timedelta(seconds=10))
    assert opened.signatures.get().name == "Bruno Ferrero"


def test_a_request_lives_until_a_day_after_the_closing_and_thirty_days_at_most(opened):
    early = SignatureRequest.ask(opened, signer(), at=opened.opens_at)
    assert not early.is_valid_at(opened.opens_at + timedelta(days=30))
    late = SignatureRequest.ask(opened, signer("Odile Ferrero"), at=opened.closes_at - timedelta(minutes=1))
    assert late.is_valid_at(opened.closes_at + timedelta(hours=23, minutes=59))
    with pytest.raises(PetitionClosed):
        late.confirm(at=opened.closes_at + timedelta(hours=24))


# --- At once --------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_ten_parallel_signatures_by_one_mailbox_leave_one_row(opened):
    results = together(*[lambda: opened.sign(signer(), at=timezone.now())] * 10)
    assert sum(isinstance(r, int) for r in results) == 1
    assert sum(isinstance(r, AlreadySigned) for r in results) == 9
    assert Signature.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_ten_parallel_confirmations_count_once(opened):
    asked = SignatureRequest.ask(opened, signer(), at=timezone.now())
    results = together(*[lambda: SignatureRequest.objects.get(pk=asked.pk).confirm(at=timezone.now())] * 10)
    assert sum(isinstance(r, int) for r in results) == 1
    assert Signature.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_eight_people_of_one_mailbox_at_once_leave_two_rows(opened):
    names = [f"Personne {letter}" for letter in "ABCDEFGH"]
    results = together(*[lambda name=name: opened.sign(signer(name), at=timezone.now()) for name in names])
    assert sum(isinstance(r, int) for r in results) == 2
    assert sum(isinstance(r, MailboxFull) for r in results) == 6
    assert sorted(Signature.objects.values_list("place", flat=True)) == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_guesses_sent_in_parallel_get_five_tries_together(opened):
    asked = SignatureRequest.ask(opened, signer(), at=timezone.now())
    wrong = f"{(int(asked.code) + 1) % 1_000_000:06d}"
    together(*[lambda: asked.confirm_by_code(wrong, at=timezone.now())] * 12)
    asked.refresh_from_db()
    assert asked.tries_left == 0
    with pytest.raises(TooManyTries):
        asked.confirm_by_code(asked.code, at=timezone.now())
    assert asked.confirm(at=timezone.now())


FACTS = ["withdrawn_at", "hidden_at", "removed_at", "archived_at"]


@pytest.mark.parametrize("fact", FACTS)
@pytest.mark.parametrize("moment", [timedelta(seconds=-1), timedelta(0), timedelta(days=182), timedelta(days=183)])
def test_the_statement_that_signs_knows_what_is_open_as_the_model_does(opened, fact, moment):
    at = opened.opens_at + moment
    assert bool(Signature.add_if_open(opened.pk, signer(), at=at)) == opened.is_open_at(at)
    setattr(opened, fact, opened.opens_at)
    opened.save(update_fields=[fact])
    assert Signature.add_if_open(opened.pk, signer(email="odile@example.org"), at=at) is None
    assert not opened.is_open_at(at)


@pytest.mark.django_db(transaction=True)
def test_ten_forms_of_one_person_at_once_write_one_mail(opened):
    together(*[lambda: SignatureRequest.ask(opened, signer(), at=timezone.now())] * 10)
    assert OutgoingMail.objects.waiting().count() == 1
    assert SignatureRequest.objects.get().mails_sent == 1


@pytest.mark.django_db(transaction=True)
def test_one_account_with_two_addresses_at_once_signs_once(opened, bruno):
    addresses = [f"bruno{number}@example.org" for number in range(8)]
    signers = [signer(f"Bruno {chr(65 + n)}", email, user_id=bruno.pk) for n, email in enumerate(addresses)]
    results = together(*[lambda one=one: opened.sign(one, at=timezone.now()) for one in signers])
    assert sum(isinstance(r, int) for r in results) == 1
    assert sum(isinstance(r, AlreadySigned) for r in results) == 7


@pytest.mark.django_db(transaction=True)
def test_erasing_and_correcting_at_once_leave_nobody(opened):
    signature = Signature.objects.get(pk=opened.sign(signer(), at=timezone.now()))
    correct = {"name": "Bruno F.", "shows_name": True, "wants_news": True}
    results = together(*[lambda: signature.erase(at=timezone.now()), lambda: signature.correct(**correct)] * 3)
    assert results == [None] * 6
    left = Signature.objects.get()
    assert (left.name, left.shows_name, left.mailbox_key) == ("", False, None)


@pytest.mark.django_db(transaction=True)
def test_a_first_step_sent_twice_at_once_begins_one_draft(amina):
    together(*[lambda: Petition.draft(amina, title="Des bancs")] * 6)
    assert Petition.objects.count() == 1
