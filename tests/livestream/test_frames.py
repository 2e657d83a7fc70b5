"""What open pages are told: the items that moved, each with its documents and votes, and nothing of the others."""

from datetime import UTC, date, datetime

import pytest
from django.utils import timezone

from livestream.models import Method, Totals, attendance, shown
from livestream.models.division import record
from livestream.models.speech import end_floor, give_floor

NOW = timezone.now()


def test_a_click_sends_the_head_and_the_items_that_moved(live, colette):
    first, second, _ = live.items.all()
    passage = live.go_to(first, colette, seen=None, at=NOW)
    live.go_to(second, colette, seen=passage.pk, at=NOW)
    sent = {event.slot: event for event in live.stream.events.all()}
    debates = {f"thread-{pk}" for pk in (live.thread_id, *live.items.values_list("thread", flat=True))}
    assert set(sent) - debates == {"now", "floor", "present", f"item-{first.pk}", f"item-{second.pk}"}
    assert "Point 2" in sent["now"].html["fr"]
    assert "Examiné" in sent[f"item-{first.pk}"].html["fr"]
    assert "is-current" in sent[f"item-{second.pk}"].html["fr"]


def test_what_an_act_left_as_it_was_is_not_sent_again(gathered, council, colette):
    first, _, _ = gathered.items.all()
    gathered.go_to(first, colette, seen=None, at=NOW)
    now = gathered.stream.events.get(slot="now").seq
    attendance.leave(gathered, council["Émile"], colette, at=timezone.now())
    assert gathered.stream.events.get(slot="now").seq == now
    present = gathered.stream.events.get(slot="present").seq
    gathered.suspend(colette, at=timezone.now())
    assert gathered.stream.events.get(slot="present").seq == present
    assert gathered.stream.events.get(slot="now").seq > now


def test_who_speaks_is_told_beside_the_head_which_is_read_aloud(gathered, council, colette):
    give_floor(gathered, council["Basile"], colette, seen=None, at=timezone.now())
    gathered.suspend(colette, at=timezone.now())
    gathered.resume(colette, at=timezone.now())
    before = gathered.stream.events.get(slot="now").seq
    give_floor(gathered, council["Cosima"], colette, seen=None, at=timezone.now())
    assert "Cosima Vidal a la parole" in gathered.stream.events.get(slot="floor").html["fr"]
    assert gathered.stream.events.get(slot="now").seq == before
    end_floor(gathered, colette, seen=gathered.open_speech.pk, at=timezone.now())
    assert "parole" not in gathered.stream.events.get(slot="floor").html["fr"]


def test_what_is_announced_anew_is_told_and_nothing_more(convened, council, colette, client):
    day = datetime(2031, 12, 3, 18, 30, tzinfo=UTC)
    given = {"title": "Conseil reporté", "place": "Gymnase", "starts_at": day, "secretary": council["Basile"]}
    convened.edit(colette, revision=1, at=NOW, **given)
    page = client.get(convened.get_absolute_url()).content.decode()
    sent = {event.slot: event.html["fr"].strip() for event in convened.stream.events.all()}
    assert "Conseil reporté" in sent["head"] and "Gymnase" in sent["head"]
    assert "Basile Tessier" in sent["chair"]
    assert "3 décembre 2031" in sent["now"]
    assert sent["head"] in page and sent["chair"] in page and sent["now"] in page
    # Nobody has to load the page again.
    assert "changed" not in sent


def test_the_head_says_what_was_decided_on_the_current_item(gathered, council, colette):
    item = gathered.items.select_related("sitting").first()
    gathered.go_to(item, colette, seen=None, at=timezone.now())
    record(item, colette, method=Method.SECRET, seen=None, at=timezone.now(), totals=Totals(4, 1, 0, 0))
    html = gathered.stream.events.get(slot="now").html["fr"]
    assert "Adopté" in html and "pour\u00a0: 4, contre\u00a0: 1" in html


def test_a_vote_is_shown_by_group_and_by_name(gathered, council, colette):
    item = gathered.items.select_related("sitting").first()
    attendance.give_proxy(gathered, council["Fleur"], council["Agathe"], colette, at=timezone.now())
    voices = {council[name].pk: "for" for name in ("Agathe", "Basile", "Fleur")} | {council["Doriane"].pk: "against"}
    record(item, colette, method=Method.HANDS, seen=None, at=timezone.now(), voices=voices)
    (vote,) = shown.agenda_of(gathered, only=[item.pk]).entries[0].votes
    assert {row.group.name: row.counts for row in vote.groups} == {
        "Ville ouverte": [2, 0, 0, 1], "Cœur de ville": [0, 1, 0, 1], "Non-inscrits": [1, 0, 0, 0],
    }  # fmt: skip
    html = gathered.stream.events.get(slot=f"item-{item.pk}").html["fr"]
    assert "(par Agathe Morin)" in html and "Ne prend pas part" in html


def test_a_secret_vote_is_told_without_a_name(gathered, council, colette):
    item = gathered.items.select_related("sitting").first()
    record(item, colette, method=Method.SECRET, seen=None, at=timezone.now(), totals=Totals(4, 1, 0, 0))
    html = gathered.stream.events.get(slot=f"item-{item.pk}").html["fr"]
    assert "Adopté" in html
    # A column of zeros takes room that a phone does not have.
    assert "Ne prend pas part" not in html
    assert not any(member.name in html for member in council.values())


def test_who_is_there_is_told_and_who_came_is_kept(gathered, council, colette):
    attendance.give_proxy(gathered, council["Fleur"], council["Agathe"], colette, at=timezone.now())
    html = gathered.stream.events.get(slot="present").html["fr"]
    assert "Le quorum est atteint" in html
    assert "Fleur Astier, par Agathe Morin" in html
    gathered.adjourn(colette, at=timezone.now())
    kept = shown.attendance_of(gathered)
    assert (len(kept.present), len(kept.represented), len(kept.absent)) == (5, 1, 1)


@pytest.mark.parametrize("items", [1, 12])
def test_an_agenda_is_read_in_four_queries_and_who_is_there_in_one(
    items, make_sitting, council, django_assert_max_num_queries
):
    sitting = make_sitting(items=items)
    with django_assert_max_num_queries(6):
        entries = shown.agenda_of(sitting).entries
        assert [entry.item.state for entry in entries] == ["to_come"] * items
        attendance_now = shown.attendance_of(sitting)
    assert attendance_now.quorum.in_office == len(council)


def test_members_of_that_day_alone_are_counted(draft, council):
    council["Fleur"].until_day = date(2021, 1, 1)
    council["Fleur"].save()
    assert shown.attendance_of(draft).quorum.in_office == 6
