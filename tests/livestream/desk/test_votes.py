"""From the desk: votes by group then exceptions, by roll call, in secret; without quorum, in a tie; corrected."""

import pytest
from django.utils import timezone

from livestream.models import Division, Method, Outcome, attendance
from livestream.models.division import record


@pytest.fixture
def item(gathered):
    return gathered.items.select_related("sitting").first()


@pytest.fixture
def enter(desk, fields_of, item):
    """Open the form of a way of voting, change some of its fields, and send it."""

    def enter(method, *, corrects=None, between=None, **changed):
        address = f"/seances/bureau/{item.sitting_id}/points/{item.pk}/vote/?maniere={method}"
        address += f"&corrige={corrects.pk}" if corrects else ""
        sent = fields_of(desk.get(address)) | changed
        if between:
            between()
        return desk.post(address, sent)

    return enter


def voices(division):
    return {voice.councillor.name.split()[0]: voice.choice for voice in division.voices.select_related("councillor")}


def test_a_vote_is_entered_by_group_with_its_exceptions(enter, item, council):
    """Ville ouverte (three) for, but Cosima; Cœur de ville (two) against."""
    other, rebel = council["Doriane"].group_id, council["Cosima"].pk
    answer = enter("hands", **{f"group_{other}": "against", f"member_{rebel}": "abstention"})
    assert answer.status_code == 302
    made = item.divisions.get()
    assert voices(made) == {
        "Agathe": "for", "Basile": "for", "Cosima": "abstention", "Doriane": "against", "Émile": "against",
    }  # fmt: skip
    assert made.outcome == Outcome.CASTING_VOTE


def test_a_tie_is_told_with_the_casting_vote(enter, item, council, desk):
    other, rebel = council["Doriane"].group_id, council["Cosima"].pk
    answer = enter("hands", **{f"group_{other}": "against", f"member_{rebel}": "abstention"})
    assert "voix prépondérante" in desk.get(answer.url).content.decode()


def test_who_is_represented_votes_by_their_holder(enter, item, council, gathered, colette):
    attendance.give_proxy(gathered, council["Fleur"], council["Basile"], colette, at=timezone.now())
    enter("hands", **{f"member_{council['Fleur'].pk}": "against"})
    voice = item.divisions.get().voices.get(councillor=council["Fleur"])
    assert (voice.choice, voice.cast_by) == ("against", council["Basile"])


def test_a_roll_call_asks_each_member(enter, item, council):
    given = {f"member_{council[name].pk}": "for" for name in ("Agathe", "Basile", "Cosima", "Doriane")}
    refused = enter("roll_call", **given)
    assert refused.status_code == 422
    assert f'id="id_member_{council["Agathe"].pk}"' in refused.content.decode()
    assert refused.context["form"][f"member_{council['Agathe'].pk}"].value() == "for"
    assert enter("roll_call", **given | {f"member_{council['Émile'].pk}": "none"}).status_code == 302
    assert item.divisions.get().method == Method.ROLL_CALL


def test_a_secret_vote_has_totals_alone(enter, item):
    assert enter("secret", in_favour=4, against=3).status_code == 422
    assert enter("secret", in_favour=3, against=1, abstentions=1).status_code == 302
    made = item.divisions.get()
    assert (made.in_favour, made.voices.count(), made.is_adopted) == (3, 0, True)


def test_an_amendment_is_voted_on_apart(enter, item):
    enter("hands", subject="Amendement 1")
    enter("hands")
    assert [division.subject for division in item.current_divisions] == ["Amendement 1", ""]


def test_without_a_quorum_there_is_no_vote_and_the_desk_says_so(enter, desk, item, gathered, council, colette):
    def two_leave():
        for name in ("Agathe", "Basile"):
            attendance.leave(gathered, council[name], colette, at=timezone.now())

    refused = enter("hands", between=two_leave)
    assert refused.status_code == 409
    assert not item.divisions.exists()
    page = desk.get(f"/seances/bureau/{gathered.pk}/points/{item.pk}/vote/?maniere=hands").content.decode()
    assert "Le quorum n’est pas atteint" in page
    assert 'name="voters_seen"' not in page


def test_who_came_meanwhile_is_shown_before_the_vote_is_entered(enter, item, council, gathered, colette):
    def gaspard_comes():
        attendance.arrive(gathered, council["Gaspard"], colette, at=timezone.now())

    rebel = council["Cosima"].pk
    answer = enter("hands", between=gaspard_comes, **{f"member_{rebel}": "against"})
    assert answer.status_code == 409
    form = answer.context["form"]
    assert form[f"member_{rebel}"].value() == "against"
    assert f"member_{council['Gaspard'].pk}" in form.fields
    assert not item.divisions.exists()


def test_a_correction_replaces_the_vote_and_both_stay(enter, item, council):
    enter("hands")
    first = item.divisions.get()
    enter("hands", corrects=first, **{f"member_{council['Émile'].pk}": "against"})
    made = item.divisions.get(replaced_by=None)
    assert (made.replaces, made.voted_at) == (first, first.voted_at)
    assert voices(made)["Émile"] == "against"
    assert item.divisions.count() == 2


def test_a_correction_begins_with_what_was_entered(enter, desk, item, council):
    enter("hands", **{f"member_{council['Émile'].pk}": "abstention"})
    page = desk.get(f"/seances/bureau/{item.sitting_id}/points/{item.pk}/vote/?corrige={item.divisions.get().pk}")
    form = page.context["form"]
    assert form[f"member_{council['Émile'].pk}"].value() == "abstention"
    assert form[f"group_{council['Agathe'].group_id}"].value() == "for"


def test_what_another_clerk_entered_meanwhile_is_shown_and_mine_kept(enter, item, council, colette):
    def other_clerk():
        given = {council[name].pk: "against" for name in ("Agathe", "Basile", "Cosima", "Doriane", "Émile")}
        record(item, colette, method="hands", seen=None, at=timezone.now(), voices=given)

    answer = enter("hands", between=other_clerk, **{f"member_{council['Émile'].pk}": "abstention"})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Rejeté" in page
    assert answer.context["form"][f"member_{council['Émile'].pk}"].value() == "abstention"
    assert Division.objects.count() == 1


def test_a_vote_on_a_session_without_council_has_no_page(desk, make_sitting):
    meeting = make_sitting(kind="meeting")
    assert desk.get(f"/seances/bureau/{meeting.pk}/points/{meeting.items.first().pk}/vote/").status_code == 404
