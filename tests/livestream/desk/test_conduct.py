"""From the desk, live: opening, going on, undoing, breaks, the floor, presence and proxies, the end."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from livestream.models import Sitting, State, attendance
from livestream.models.speech import end_floor, give_floor, speaking_times

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def fresh(sitting):
    return Sitting.objects.get(pk=sitting.pk)


def passage_of(sitting):
    passage = sitting.open_passage
    return passage.pk if passage else ""


@pytest.fixture
def press(at_desk):
    """Press a button of the page of a session that is conducted."""

    def press(sitting, act, **carried):
        return at_desk("conduct", sitting, {"act": act} | carried)

    return press


def test_the_desk_opens_a_session_and_goes_from_item_to_item(at_desk, press, convened):
    assert press(convened, "open").url == f"{reverse('sitting:conduct', args=[convened.pk])}#now"
    assert fresh(convened).state == State.LIVE
    first, second, _ = convened.items.all()
    page = at_desk("conduct", convened)
    assert page.context["following"] == first
    press(convened, "go", item=first.pk, passage="")
    press(convened, "go", item=second.pk, passage=passage_of(convened))
    page = at_desk("conduct", convened)
    assert page.context["current"] == second
    assert f"Annuler\u00a0: le point {second.number} n’avait pas commencé" in page.content.decode()


def test_after_the_last_item_the_page_names_one_that_was_passed_over(at_desk, press, live):
    first, second, third = live.items.all()
    press(live, "go", item=third.pk, passage="")
    assert at_desk("conduct", live).context["following"] == first
    press(live, "go", item=first.pk, passage=passage_of(live))
    press(live, "go", item=second.pk, passage=passage_of(live))
    assert at_desk("conduct", live).context["following"] is None


def test_a_wrong_click_is_taken_back(press, live, at_desk):
    first, second, _ = live.items.all()
    press(live, "go", item=first.pk, passage="")
    press(live, "go", item=second.pk, passage=passage_of(live))
    assert press(live, "undo", passage=passage_of(live)).status_code == 302
    assert live.current_item == first
    assert live.passages.count() == 1


def test_a_click_on_a_page_of_before_says_that_somebody_was_quicker(press, live):
    first, second, _ = live.items.all()
    press(live, "go", item=first.pk, passage="")
    answer = press(live, "go", item=second.pk, passage="")
    assert answer.status_code == 409
    assert "La séance a avancé" in answer.content.decode()
    assert live.current_item == first


# --- Breaks -----------------------------------------------------------------------------------


def test_a_session_is_suspended_and_goes_on(press, live):
    press(live, "suspend", saw="live")
    assert fresh(live).state == State.SUSPENDED
    press(live, "resume", saw="suspended")
    assert fresh(live).state == State.LIVE


def test_ending_a_suspension_opens_no_doors_that_were_closed_meanwhile(press, live, colette):
    press(live, "suspend", saw="live")
    live.close_doors(colette, at=timezone.now())
    answer = press(live, "resume", saw="suspended")
    assert answer.status_code == 409
    assert fresh(live).state == State.CLOSED_DOORS
    assert press(live, "resume").status_code == 409
    press(live, "resume", saw="closed_doors")
    assert fresh(live).state == State.LIVE


def test_doors_close_whatever_the_page_showed(press, live, colette):
    live.suspend(colette, at=timezone.now())
    assert press(live, "close_doors", saw="live").status_code == 302
    assert press(live, "close_doors", saw="live").status_code == 302
    assert fresh(live).state == State.CLOSED_DOORS
    assert live.breaks.count() == 2


def test_the_session_ends_with_all_that_lasts(press, gathered, council):
    press(gathered, "go", item=gathered.items.first().pk, passage="")
    press(gathered, "give", member=council["Basile"].pk, speech="")
    assert press(gathered, "adjourn", saw="suspended").status_code == 409
    answer = press(gathered, "adjourn", saw="live")
    assert answer.url == reverse("sitting:sitting", args=[gathered.pk])
    assert fresh(gathered).state == State.ADJOURNED
    for lasting in (gathered.passages, gathered.speeches):
        assert not lasting.filter(ends_at=None).exists()
    assert not gathered.presences.filter(left_at=None).exists()


def test_the_day_on_which_the_minutes_are_adopted_is_noted_and_shown(at_desk, press, live, colette, client):
    assert press(live, "adopt").status_code == 409
    live.adjourn(colette, at=timezone.now())
    assert "procès-verbal est adopté ce jour" in at_desk("sitting", live).content.decode()
    press(live, "adopt")
    assert fresh(live).state == State.ADOPTED
    assert "Procès-verbal adopté le" in client.get(live.get_absolute_url()).content.decode()
    assert press(live, "adopt").status_code == 409


@pytest.mark.parametrize("name", ["draft", "over"])
def test_a_draft_and_a_session_that_is_over_are_not_conducted(name, at_desk, draft, colette):
    if name == "over":
        draft.convene(colette, at=timezone.now())
        draft.open(colette, at=timezone.now())
        draft.adjourn(colette, at=timezone.now() + HOUR)
    assert at_desk("conduct", draft).url == reverse("sitting:sitting", args=[draft.pk])


# --- The floor --------------------------------------------------------------------------------


def test_the_floor_goes_from_one_to_the_next_and_public_pages_say_who(press, gathered, council, client):
    press(gathered, "give", member=council["Basile"].pk, speech="")
    basile = gathered.open_speech
    assert "Basile Tessier a la parole" in client.get(gathered.get_absolute_url()).content.decode()
    press(gathered, "give", member=council["Cosima"].pk, speech=basile.pk)
    assert gathered.open_speech.councillor == council["Cosima"]
    assert press(gathered, "end", speech=basile.pk).status_code == 409
    press(gathered, "end", speech=gathered.open_speech.pk)
    assert gathered.open_speech is None
    assert [speech.ends_at is None for speech in gathered.speeches.all()] == [False, False]


def test_how_long_each_spoke_is_kept_for_the_minutes(at_desk, gathered, council, colette):
    at, seen = gathered.opened_at, None
    for name, minutes in (("Basile", 0), ("Cosima", 2), ("Basile", 3)):
        seen = give_floor(gathered, council[name], colette, seen=seen, at=at + minutes * MINUTE).pk
    end_floor(gathered, colette, seen=seen, at=at + 4.5 * MINUTE)
    times = speaking_times(gathered, at=at + HOUR)
    assert [(time.councillor.name, time.minutes) for time in times] == [("Basile Tessier", 4), ("Cosima Vidal", 1)]
    assert "4 minutes" in at_desk("sitting", gathered).content.decode()


def test_only_those_who_are_there_get_the_floor(press, gathered, council):
    assert press(gathered, "give", member=council["Gaspard"].pk, speech="").status_code == 409
    assert press(gathered, "give", member="999999", speech="").status_code == 409
    assert gathered.open_speech is None


def test_a_break_and_a_departure_end_the_speech(press, gathered, council, colette):
    press(gathered, "give", member=council["Basile"].pk, speech="")
    press(gathered, "suspend", saw="live")
    assert gathered.open_speech is None
    assert press(gathered, "give", member=council["Basile"].pk, speech="").status_code == 409
    press(gathered, "resume", saw="suspended")
    press(gathered, "give", member=council["Basile"].pk, speech="")
    attendance.leave(gathered, council["Basile"], colette, at=timezone.now())
    assert gathered.open_speech is None


# --- Who is there -----------------------------------------------------------------------------


def test_the_quorum_is_in_sight_and_follows_who_comes_and_goes(at_desk, live, council):
    assert "Le quorum est de 4" in at_desk("conduct", live).content.decode()
    come = [council[name].pk for name in ("Agathe", "Basile", "Cosima", "Doriane")]
    assert at_desk("presence", live, {"act": "note", "was": "", "present": come}).status_code == 302
    assert "Le quorum est atteint" in at_desk("conduct", live).content.decode()
    at_desk("presence", live, {"act": "note", "was": " ".join(map(str, come)), "present": come[1:]})
    assert "Le quorum est de 4" in at_desk("conduct", live).content.decode()


def test_two_clerks_note_different_people_and_both_are_kept(at_desk, live, council):
    at_desk("presence", live, {"act": "note", "was": "", "present": [council["Agathe"].pk]})
    at_desk("presence", live, {"act": "note", "was": "", "present": [council["Basile"].pk]})
    assert attendance.present_at(live, timezone.now()) == {council["Agathe"].pk, council["Basile"].pk}


def test_a_proxy_is_given_and_ends_when_its_giver_comes(at_desk, gathered, council):
    fleur, basile = council["Fleur"], council["Basile"]
    sent = {"act": "give", "giver": fleur.pk, "holder": basile.pk}
    assert at_desk("presence", gathered, sent).status_code == 302
    assert attendance.represented_at(gathered, timezone.now()) == {fleur.pk: basile.pk}
    at_desk("presence", gathered, {"act": "note", "was": "", "present": [fleur.pk]})
    assert not gathered.proxies.filter(ended_at=None).exists()


def test_a_proxy_that_cant_be_is_refused_and_one_that_is_can_end(at_desk, gathered, council):
    fleur, gaspard, basile = council["Fleur"], council["Gaspard"], council["Basile"]
    at_desk("presence", gathered, {"act": "give", "giver": fleur.pk, "holder": basile.pk})
    second = {"act": "give", "giver": gaspard.pk, "holder": basile.pk}
    assert at_desk("presence", gathered, second).status_code == 409
    assert at_desk("presence", gathered, second | {"holder": gaspard.pk}).status_code == 422
    at_desk("presence", gathered, {"act": "end", "giver": fleur.pk})
    assert at_desk("presence", gathered, second).status_code == 302


def test_a_resident_conducts_nothing(press, live, bruno, sign_in, at_desk):
    client = sign_in(bruno)
    first = live.items.first()
    sent = {"act": "go", "item": first.pk, "passage": ""}
    assert at_desk("conduct", live, sent, client=client).status_code == 403
    assert live.current_item is None
