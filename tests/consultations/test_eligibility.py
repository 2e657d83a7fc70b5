"""Who may vote: each refusal is a fact with a sentence, and the roll's key is the person's."""

from datetime import date, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.utils import timezone

from civic.accounts import counter
from civic.accounts.models import ListedPerson, Residence, ResidentList, Right, Role
from civic.accounts.residence import person_key
from civic.audit.models import Entry
from civic.kernel.errors import NotAllowed
from civic.kernel.mailboxes import mailbox_key
from consultations import eligibility
from consultations.eligibility import roll_key, voter_of, why_not
from consultations.models import Channel, Consultation, OpenBallot, RollEntry

DAY = timedelta(days=1)
BORN = date(1980, 5, 17)


@pytest.fixture
def open_vote(make_consultation, colette):
    def make(*, opens=-1, closes=7, quarters=(), **fields):
        consultation = make_consultation(opens=opens, closes=closes, **fields)
        consultation.quarters.set(quarters)
        consultation.publish(colette, at=timezone.now() + min(opens, 0) * DAY - DAY)
        return consultation

    return make


@pytest.fixture
def verified(colette, quarter):
    """Bruno's residence, as a counter verified it."""

    def verify(user, *, until=300, **fields):
        now = timezone.now()
        given = {"quarter": quarter, "postal_code": "38130", "verified_at": now - 400 * DAY, "verified_by": colette}
        return Residence.objects.create(
            user=user, person_key=person_key(user.name, BORN), until=now + until * DAY, **given | fields
        )

    return verify


@pytest.fixture
def listed():
    def make(*people, quarter=None):
        made = ResidentList.objects.create(name="Liste électorale", imported_at=timezone.now())
        for user in people:
            ListedPerson.objects.create(list=made, person_key=person_key(user.name, BORN), quarter=quarter)
        return made

    return make


def obstacle(consultation, user, **options):
    fact = why_not(consultation, user, at=timezone.now(), **options)
    assert fact is None or str(fact.sentence)
    return type(fact) if fact else None


# --- When -----------------------------------------------------------------------------------


def test_before_the_opening_nobody_votes_staff_neither(open_vote, bruno, colette):
    consultation = open_vote(opens=1)
    assert obstacle(consultation, bruno) is eligibility.NotOpenYet
    assert obstacle(consultation, colette) is eligibility.NotOpenYet


def test_the_closing_moment_is_no_longer_part_of_the_vote(open_vote, bruno):
    consultation = open_vote()
    closes_at = consultation.vote.closes_at
    just_before = closes_at - timedelta(microseconds=1)
    assert voter_of(bruno, consultation, of_age=True, at=just_before)
    with pytest.raises(eligibility.VoteClosed):
        voter_of(bruno, consultation, of_age=True, at=closes_at)
    with pytest.raises(eligibility.NotOpenYet):
        voter_of(bruno, consultation, of_age=True, at=consultation.vote.opens_at - timedelta(microseconds=1))
    assert voter_of(bruno, consultation, of_age=True, at=consultation.vote.opens_at)


def test_a_withdrawn_one_says_so(open_vote, bruno, colette):
    consultation = open_vote()
    consultation.withdraw(colette, reason="Le terrain est vendu.", at=timezone.now())
    assert obstacle(consultation, bruno) is eligibility.VoteWithdrawn


# --- Who ------------------------------------------------------------------------------------


def test_a_visitor_is_asked_to_sign_in(open_vote):
    assert obstacle(open_vote(), AnonymousUser()) is eligibility.NotSignedIn


def test_a_minimum_age_is_asked_as_a_yes(open_vote, bruno):
    consultation = open_vote()
    with pytest.raises(eligibility.TooYoung):
        voter_of(bruno, consultation, of_age=False, at=timezone.now())
    assert voter_of(bruno, consultation, of_age=True, at=timezone.now())
    assert voter_of(bruno, open_vote(minimum_age=0), of_age=False, at=timezone.now())


def test_an_address_that_is_not_confirmed_does_not_vote(open_vote, bruno):
    EmailAddress.objects.filter(user=bruno).update(verified=False)
    assert obstacle(open_vote(), bruno) is eligibility.AddressNotConfirmed


def test_a_declared_resident_is_known_by_the_mailbox(open_vote, bruno, camille):
    consultation = open_vote(residence="declared")
    voter = voter_of(bruno, consultation, of_age=True, at=timezone.now())
    assert voter.key == roll_key(consultation, mailbox_key(bruno.email))
    camille.postal_code = "69001"
    camille.save()
    assert obstacle(consultation, camille) is eligibility.NotResident


def test_a_verified_resident_is_known_as_a_person_whatever_the_account(open_vote, bruno, verified, make_person):
    consultation = open_vote(residence="verified")
    assert obstacle(consultation, bruno) is eligibility.NotVerified
    verified(bruno)
    first = voter_of(bruno, consultation, of_age=True, at=timezone.now())
    bruno.delete()
    again = make_person("Bruno Ferrero")
    verified(again)
    assert voter_of(again, consultation, of_age=True, at=timezone.now()).key == first.key


def test_a_verification_that_has_ended_is_no_longer_one(open_vote, bruno, verified):
    verified(bruno, until=-1)
    assert obstacle(open_vote(residence="verified"), bruno) is eligibility.VerificationEnded


def test_only_the_quarters_that_it_names(open_vote, bruno, camille, verified, quarter):
    from civic.territory.models import Quarter

    other = Quarter.objects.create(slug="ponatiere", name="La Ponatière")
    consultation = open_vote(residence="verified", quarters=[quarter], only_quarters=True)
    verified(bruno)
    verified(camille, quarter=other)
    assert obstacle(consultation, bruno) is None
    assert obstacle(consultation, camille) is eligibility.OtherQuarter
    Residence.objects.filter(user=bruno).update(quarter=None)
    assert obstacle(consultation, bruno) is eligibility.OtherQuarter
    # Named, but everyone votes.
    assert obstacle(open_vote(residence="verified", quarters=[quarter]), camille) is None


def test_a_list_knows_people_not_accounts(open_vote, bruno, camille, verified, listed):
    consultation = open_vote(residence="listed", resident_list=listed(bruno))
    assert obstacle(consultation, bruno) is eligibility.NotIdentified
    verified(bruno, until=-1)
    verified(camille)
    # Who somebody is does not end with the date of the address.
    assert obstacle(consultation, bruno) is None
    assert obstacle(consultation, camille) is eligibility.NotListed
    voter = voter_of(bruno, consultation, of_age=True, at=timezone.now())
    assert voter.key == roll_key(consultation, person_key("FERRERO Bruno", BORN))


def test_names_are_one_however_a_list_writes_them():
    assert person_key("Éloïse  MARTIN-Roux", BORN) == person_key("martin roux eloise", BORN)
    assert person_key("Éloïse Martin", BORN) != person_key("Éloïse Martin", date(1980, 5, 18))


def test_nobody_is_taken_off_the_list_of_a_published_vote(open_vote, bruno, camille, listed):
    people = listed(bruno)
    open_vote(residence="listed", resident_list=people)
    for change in (
        lambda: ListedPerson.objects.all().delete(),
        lambda: ListedPerson.objects.update(person_key="0" * 64),
        lambda: people.delete(),
    ):
        with pytest.raises((IntegrityError,)), transaction.atomic():
            change()
    with pytest.raises(counter.ListInUse):
        counter.import_list([], camille, name="Une autre", at=timezone.now(), replaces=people)
    people.refresh_from_db()
    assert people.name == "Liste électorale"
    ListedPerson.objects.update(label="")
    ListedPerson.objects.create(list=people, person_key=person_key(camille.name, BORN))


# --- Once -----------------------------------------------------------------------------------


def on_roll(consultation, user, channel="online"):
    key = roll_key(consultation, mailbox_key(user.email))
    RollEntry.objects.create(consultation=consultation, key=key, channel=channel)
    return key


@pytest.mark.parametrize("channel", list(Channel))
def test_who_is_on_the_roll_has_voted_and_reads_by_which_way(channel, open_vote, bruno):
    consultation = open_vote()
    on_roll(consultation, bruno, channel)
    fact = why_not(consultation, bruno, at=timezone.now())
    assert type(fact) is eligibility.AlreadyVoted
    words = {"online": "Vous êtes sur", "paper": "sur papier", "counter": "à un guichet", "post": "par courrier"}
    assert words[channel] in str(fact.sentence)


def test_an_open_ballot_may_be_given_again(open_vote, bruno):
    consultation = open_vote()
    key = on_roll(consultation, bruno)
    OpenBallot.objects.create(consultation=consultation, key=key, code="C", answers={})
    assert obstacle(consultation, bruno) is None


def test_the_roll_of_one_vote_says_nothing_of_another(open_vote, bruno):
    first, second = open_vote(), open_vote()
    on_roll(first, bruno)
    assert obstacle(second, bruno) is None
    assert roll_key(first, "x") != roll_key(second, "x")


def test_it_takes_few_queries(open_vote, bruno, verified, listed, quarter, django_assert_max_num_queries):
    verified(bruno)
    consultation = open_vote(
        residence="listed", resident_list=listed(bruno, quarter=quarter), quarters=[quarter], only_quarters=True
    )
    consultation = Consultation.objects.with_life().get(pk=consultation.pk)
    with django_assert_max_num_queries(5):
        assert obstacle(consultation, bruno) is None


# --- What a scrutineer answers ----------------------------------------------------------------


@pytest.fixture
def scrutineer(make_person):
    def name(consultation):
        person = make_person("Solène Garnier")
        Right.objects.create(user=person, role=Role.SCRUTINEER, space=consultation.space)
        return person

    return name


def test_a_scrutineer_answers_why_somebody_cannot_vote(open_vote, bruno, camille, verified, scrutineer):
    consultation = open_vote(residence="verified")
    solene = scrutineer(consultation)

    def answer(user):
        return type(
            eligibility.ask_roll(consultation, solene, at=timezone.now(), name=user.name.upper(), birth_date=BORN)
        )

    assert answer(bruno) is eligibility.NotVerified
    verified(bruno)
    assert answer(bruno) is eligibility.NotOnRoll
    key = roll_key(consultation, person_key(bruno.name, BORN))
    RollEntry.objects.create(consultation=consultation, key=key, channel="paper")
    assert answer(bruno) is eligibility.AlreadyVoted
    verified(camille, until=-1)
    assert answer(camille) is eligibility.VerificationEnded
    # The journal keeps who asked, never about whom.
    asked = Entry.objects.filter(action="roll.asked")
    assert {(entry.actor, str(entry.details)) for entry in asked} == {(solene.journal_id, "{}")}


def test_where_the_key_is_the_mailbox_the_roll_is_asked_by_address(open_vote, bruno, scrutineer):
    consultation = open_vote(residence="declared")
    solene = scrutineer(consultation)
    on_roll(consultation, bruno)

    def ask(email):
        return type(eligibility.ask_roll(consultation, solene, at=timezone.now(), email=email))

    assert ask("BRUNO@example.org") is eligibility.AlreadyVoted
    assert ask("autre@example.org") is eligibility.NotOnRoll


def test_nobody_else_asks_the_roll_and_nobody_after_the_appeals(open_vote, bruno, colette, mireille, scrutineer):
    consultation = open_vote()
    solene = scrutineer(consultation)
    for stranger in (bruno, colette, mireille, AnonymousUser()):
        with pytest.raises(NotAllowed):
            eligibility.ask_roll(consultation, stranger, at=timezone.now(), email="x@example.org")
    past = timezone.now() - 16 * DAY
    Consultation.objects.filter(pk=consultation.pk).update(counted_at=past, proclaimed_at=past)
    consultation.refresh_from_db()
    with pytest.raises(NotAllowed):
        eligibility.ask_roll(consultation, solene, at=timezone.now(), email="x@example.org")
