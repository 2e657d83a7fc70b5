import pytest
from django.utils import timezone

from civic.accounts.models import ListedPerson, ResidentList
from civic.audit.models import Entry
from consultations import box, codes, postal_codes
from consultations.eligibility import roll_key
from consultations.models import Channel, Consultation, Envelope, PostalCode, RollEntry
from consultations.obstacles import AlreadyVoted
from tests.concurrency import together
from tests.consultations.ballot_box import open_vote, unfrozen


def listed_vote(colette):
    """A secret vote for three people of a list."""
    people = ResidentList.objects.create(name="Sans adresse", imported_at=timezone.now())
    for number in range(3):
        ListedPerson.objects.create(list=people, person_key=f"{number:064x}", label=f"Personne {number}\n1 rue du Parc")
    vote = open_vote(colette)
    with unfrozen():
        Consultation.objects.filter(pk=vote.consultation.pk).update(residence="listed", resident_list=people)
    vote.consultation.refresh_from_db()
    return vote


@pytest.fixture
def vote(colette):
    return listed_vote(colette)


def cast_with(vote, code, **answers):
    voter = postal_codes.voter_of_code(vote.consultation, code)
    return box.cast(vote.consultation, voter, answers or {"nom": "o1"}, at=timezone.now())


def test_everyone_of_the_list_gets_a_code_once(vote, colette):
    assert postal_codes.draw(vote.consultation, by=colette) == 3
    assert postal_codes.draw(vote.consultation, by=colette) == 0
    letters = list(postal_codes.letters(vote.consultation))
    assert [letter.label.splitlines()[0] for letter in letters] == ["Personne 0", "Personne 1", "Personne 2"]
    assert all(len(codes.plain(letter.code)) == 16 for letter in letters)
    assert len({letter.code for letter in letters}) == 3


def test_printing_erases_codes_and_addresses(vote, colette):
    postal_codes.draw(vote.consultation, by=colette)
    given = [codes.plain(letter.code) for letter in postal_codes.letters(vote.consultation)]
    assert postal_codes.mark_printed(vote.consultation, by=colette, at=timezone.now()) == 3
    assert list(postal_codes.letters(vote.consultation)) == []
    kept = str(list(PostalCode.objects.values())) + str(list(ListedPerson.objects.values()))
    assert not any(code in kept for code in given)
    assert "rue du Parc" not in kept
    assert not any(code in str(list(Entry.objects.values())) for code in given)


def test_a_code_votes_once_by_post_and_stands_on_the_roll(vote, colette):
    postal_codes.draw(vote.consultation, by=colette)
    letter = next(postal_codes.letters(vote.consultation))
    postal_codes.mark_printed(vote.consultation, by=colette, at=timezone.now())
    assert cast_with(vote, letter.code.lower().replace("-", " ")).code
    entry = RollEntry.objects.get()
    assert (entry.channel, entry.key) == (Channel.POST, roll_key(vote.consultation, f"{0:064x}"))
    with pytest.raises(AlreadyVoted):
        cast_with(vote, letter.code)
    assert Envelope.objects.count() == 1


def test_a_code_blocks_whoever_voted_another_way(vote, colette):
    postal_codes.draw(vote.consultation, by=colette)
    letter = next(postal_codes.letters(vote.consultation))
    box.enter(vote.consultation, roll_key(vote.consultation, f"{0:064x}"), Channel.PAPER, at=timezone.now())
    with pytest.raises(AlreadyVoted):
        cast_with(vote, letter.code)


@pytest.mark.parametrize("typed", ["", "A" * 16, "AAAA-BBBB-CCCC-DDDD", "\0", "é" * 16])
def test_what_is_no_code_is_said_so(vote, colette, typed):
    postal_codes.draw(vote.consultation, by=colette)
    with pytest.raises(postal_codes.UnknownCode):
        postal_codes.voter_of_code(vote.consultation, typed)


def test_a_code_of_another_consultation_opens_nothing_here(vote, colette):
    postal_codes.draw(vote.consultation, by=colette)
    letter = next(postal_codes.letters(vote.consultation))
    with pytest.raises(postal_codes.UnknownCode):
        postal_codes.voter_of_code(listed_vote(colette).consultation, letter.code)


def test_a_lost_letter_is_replaced_and_its_code_dies(vote, colette):
    postal_codes.draw(vote.consultation, by=colette)
    lost = next(postal_codes.letters(vote.consultation))
    code = postal_codes.replace(vote.consultation, f"{0:064x}", by=colette, at=timezone.now())
    with pytest.raises(postal_codes.CodeRevoked):
        cast_with(vote, lost.code)
    assert codes.plain(code) not in str(list(PostalCode.objects.values()))
    assert cast_with(vote, code).code


def test_who_was_sent_none_gets_none_replaced(vote, colette):
    with pytest.raises(postal_codes.UnknownCode):
        postal_codes.replace(vote.consultation, f"{0:064x}", by=colette, at=timezone.now())


def test_without_a_list_there_is_nobody_to_write_to(colette):
    with pytest.raises(postal_codes.NoList):
        postal_codes.draw(open_vote(colette).consultation, by=colette)


@pytest.mark.django_db(transaction=True)
def test_two_clerks_at_once_draw_one_code_for_each(colette):
    vote = listed_vote(colette)
    drawn = together(*[lambda: postal_codes.draw(vote.consultation, by=colette)] * 3)
    assert sorted(drawn) == [0, 0, 3]
    assert PostalCode.objects.count() == 3
