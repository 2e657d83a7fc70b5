"""Votes of the councillors: who may vote, what follows, and what a secret vote does not say."""

import pytest
from django.utils import timezone

from civic.audit.models import Entry
from civic.kernel.errors import NotAllowed
from livestream.models import Method, Outcome, Totals, attendance
from livestream.models.division import NoQuorum, NotVoting, RecordedMeanwhile, WrongTotals, record
from livestream.models.passage import NotNow

EVERYONE = ("Agathe", "Basile", "Cosima", "Doriane", "Émile")


def voices(council, **choices):
    """Choices by first name; the others of those present vote for."""
    return {council[name].pk: choices.get(name, "for") for name in EVERYONE}


def enter(sitting, by, given, **options):
    item = sitting.items.select_related("sitting").first()
    options = {"method": Method.HANDS, "seen": None, "at": timezone.now()} | options
    return record(item, by, voices=given, **options)


def test_a_vote_is_counted_from_its_voices(gathered, council, colette):
    made = enter(gathered, colette, voices(council, Doriane="against", Émile="abstention"))
    assert made.totals == Totals(3, 1, 1, 0)
    assert (made.outcome, made.in_office, made.present) == (Outcome.ADOPTED, 7, 5)
    assert Entry.objects.get(action="sitting.vote_recorded").details["division"] == made.pk


@pytest.mark.parametrize(
    ("choices", "outcome"),
    [
        ({}, Outcome.UNANIMOUS),
        ({"Émile": "none"}, Outcome.UNANIMOUS),
        ({"Émile": "abstention"}, Outcome.ADOPTED),
        ({"Doriane": "against", "Émile": "against", "Cosima": "none"}, Outcome.CASTING_VOTE),
        ({"Agathe": "against", "Émile": "against", "Cosima": "none"}, Outcome.REJECTED),
        ({"Agathe": "none", "Doriane": "against", "Émile": "against"}, Outcome.REJECTED),
        ({"Basile": "against", "Doriane": "against", "Émile": "against"}, Outcome.REJECTED),
        (dict.fromkeys(EVERYONE, "abstention"), Outcome.REJECTED),
    ],
    ids=["all", "not-taking-part", "abstention", "chair-for", "chair-against", "chair-away", "against", "none-cast"],
)
def test_the_majority_of_the_votes_cast_decides_and_the_chair_between_equals(
    choices, outcome, gathered, council, colette
):
    assert enter(gathered, colette, voices(council, **choices)).outcome == outcome


def test_a_proxy_is_one_more_voice_and_says_who_gave_it(gathered, council, colette):
    attendance.give_proxy(gathered, council["Fleur"], council["Agathe"], colette, at=timezone.now())
    made = enter(gathered, colette, voices(council) | {council["Fleur"].pk: "against"})
    voice = made.voices.get(councillor=council["Fleur"])
    assert (voice.cast_by, voice.choice, made.present) == (council["Agathe"], "against", 5)


def test_the_chairs_proxy_is_no_casting_vote(gathered, council, colette):
    """A tie, in which the chair abstains and the proxy that the chair holds is in favour."""
    attendance.give_proxy(gathered, council["Fleur"], council["Agathe"], colette, at=timezone.now())
    given = voices(council, Agathe="abstention", Basile="against", Cosima="against", Doriane="for", Émile="none")
    assert enter(gathered, colette, given | {council["Fleur"].pk: "for"}).outcome == Outcome.REJECTED


def test_who_is_left_out_takes_no_part(gathered, council, colette):
    given = voices(council)
    del given[council["Émile"].pk]
    assert enter(gathered, colette, given).totals == Totals(4, 0, 0, 1)


def test_a_secret_vote_has_totals_alone_and_no_casting_vote(gathered, colette):
    made = enter(gathered, colette, None, method=Method.SECRET, totals=Totals(2, 2, 1, 0))
    assert (made.totals, made.outcome, made.voices.count()) == (Totals(2, 2, 1, 0), Outcome.REJECTED, 0)


def test_a_secret_vote_with_names_or_too_many_votes_is_refused(gathered, council, colette):
    for given, totals in ((voices(council), Totals(5, 0, 0, 0)), (None, Totals(6, 0, 0, 0)), (None, None)):
        with pytest.raises(WrongTotals):
            enter(gathered, colette, given, method=Method.SECRET, totals=totals)


def test_who_is_neither_there_nor_represented_does_not_vote(gathered, council, colette):
    for given in (voices(council) | {council["Gaspard"].pk: "for"}, {}):
        with pytest.raises(NotVoting):
            enter(gathered, colette, given)


def test_there_is_no_vote_without_a_quorum(gathered, council, colette):
    for name in ("Doriane", "Émile"):
        attendance.leave(gathered, council[name], colette, at=timezone.now())
    with pytest.raises(NoQuorum):
        enter(gathered, colette, {council["Agathe"].pk: "for"})


def test_a_correction_replaces_what_was_seen_and_both_stay(gathered, council, colette):
    first = enter(gathered, colette, voices(council))
    with pytest.raises(RecordedMeanwhile):
        enter(gathered, colette, voices(council))
    # Somebody left since: the correction is of the vote as it was.
    attendance.leave(gathered, council["Émile"], colette, at=timezone.now())
    second = enter(gathered, colette, voices(council, Émile="against"), seen=first.pk)
    with pytest.raises(RecordedMeanwhile):
        enter(gathered, colette, voices(council), seen=first.pk)
    item = gathered.items.first()
    assert item.divisions.count() == 2
    assert (item.current_divisions, item.decision, second.voted_at) == ([second], second, first.voted_at)


def test_an_amendment_is_voted_on_apart(gathered, council, colette):
    on_amendment = enter(gathered, colette, voices(council, Agathe="against"), subject="Amendement 1")
    item = gathered.items.first()
    assert item.decision is None
    decision = enter(gathered, colette, voices(council))
    assert item.current_divisions == [on_amendment, decision]


def test_a_vote_after_the_end_corrects_one_and_adds_none(gathered, council, colette):
    made = enter(gathered, colette, voices(council))
    gathered.adjourn(colette, at=timezone.now())
    with pytest.raises(NotNow):
        enter(gathered, colette, voices(council), subject="Amendement 1")
    enter(gathered, colette, voices(council, Émile="abstention"), seen=made.pk)


def test_a_stranger_enters_no_vote(gathered, council, amina, mireille):
    for person in (amina, mireille):
        with pytest.raises(NotAllowed):
            enter(gathered, person, voices(council))
