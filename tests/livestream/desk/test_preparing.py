"""From the desk: a session is drafted, its agenda written, by hand and out of tables; convened; cancelled."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from civic.accounts.models import Right
from livestream.models import Councillor, Item, Sitting, State, agenda

LATER = timezone.localtime() + timedelta(days=20)
MEMBERS = "Nom;Prénom;Groupe;Fonction\nMorin;Agathe;Ville ouverte;maire\nTessier;Basile;Ville ouverte;\n"


def fresh(sitting):
    return Sitting.objects.get(pk=sitting.pk)


def test_a_session_begins_with_its_date_and_is_a_draft(at_desk, colette):
    sent = {"kind": "council", "title": "Conseil de janvier", "starts_at": LATER.strftime("%Y-%m-%dT%H:%M")}
    assert at_desk("new", None, sent | {"title": ""}).status_code == 422
    assert at_desk("new", None, sent).status_code == 302
    made = Sitting.objects.get()
    assert (made.state, made.author, made.place) == (State.DRAFT, colette, "")
    page = at_desk("sitting", made).content.decode()
    assert "un lieu" in page
    assert "Convoquer" not in page


def test_the_desk_lists_each_session_on_its_shelf(at_desk, convened, make_sitting):
    draft = make_sitting()
    page = at_desk("list").content.decode()
    coming, written = (page.index(reverse("sitting:sitting", args=[each.pk])) for each in (convened, draft))
    assert page.index("À venir") < coming < page.index("En cours d’écriture") < written


def test_the_announcement_is_kept_and_calendars_follow_once_it_is_convened(at_desk, convened, fields_of):
    sent = fields_of(at_desk("announcement", convened)) | {"place": "Salle des fêtes", "delay_seconds": "30"}
    sent["starts_at"] = LATER.strftime("%Y-%m-%dT%H:%M")
    assert at_desk("announcement", convened, sent).status_code == 302
    kept = fresh(convened)
    assert (kept.place, kept.delay_seconds, kept.sequence) == ("Salle des fêtes", 30, 1)


def test_what_another_clerk_kept_meanwhile_is_shown_before_mine_replaces_it(at_desk, draft, colette, fields_of):
    sent = fields_of(at_desk("announcement", draft)) | {"place": "Au gymnase"}
    sent["starts_at"] = timezone.localtime(draft.starts_at).strftime("%Y-%m-%dT%H:%M:%S")
    draft.edit(colette, revision=draft.revision, at=timezone.now(), place="Au théâtre")
    refused = at_desk("announcement", draft, sent)
    assert refused.status_code == 409
    page = refused.content.decode()
    assert "Au théâtre" in page
    assert 'value="Au gymnase"' in page
    again = sent | {"seen": refused.context["form"]["seen"].value()}
    assert at_desk("announcement", draft, again).status_code == 302
    assert fresh(draft).place == "Au gymnase"


# --- The agenda -------------------------------------------------------------------------------


def test_an_item_is_added_then_another_on_the_same_page(at_desk, draft, fields_of):
    empty = fields_of(at_desk("item-new", draft))
    assert empty["number"] == "4"
    first = empty | {"title": "Subventions", "more": "1"}
    answer = at_desk("item-new", draft, first)
    assert answer.url == reverse("sitting:item-new", args=[draft.pk])
    assert at_desk("item-new", draft, empty | {"title": "Autre", "number": "2"}).status_code == 422
    assert [item.title for item in draft.items.all()][-1] == "Subventions"


def test_an_item_is_changed_and_moved(at_desk, draft, fields_of):
    last = draft.items.last()
    sent = fields_of(at_desk("item", draft, item=last.pk)) | {"title": "La place du marché", "after": ""}
    assert at_desk("item", draft, sent, item=last.pk).status_code == 302
    assert draft.items.first().title == "La place du marché"
    up = {"up": last.pk, "revision": fresh(draft).revision}
    assert at_desk("arrange", draft, up).status_code == 409
    down = {"down": last.pk, "revision": fresh(draft).revision}
    assert at_desk("arrange", draft, down).url.endswith(f"#item-{last.pk}")
    assert draft.items.first() != last


def test_a_button_of_an_older_page_changes_nothing_and_says_so(at_desk, draft, colette):
    first, second, _ = draft.items.select_related("sitting")
    seen = draft.revision
    agenda.withdraw_item(first, colette, revision=seen, at=timezone.now())
    answer = at_desk("item-state", draft, {"act": "withdraw", "revision": seen}, item=second.pk)
    assert answer.status_code == 409
    assert "plus rapide" in answer.content.decode()
    assert draft.items.filter(withdrawn_at=None).count() == 2


@pytest.mark.parametrize(("act", "state"), [("withdraw", "withdrawn"), ("postpone", "postponed")])
def test_an_item_is_taken_off_for_all_to_see_and_put_back(act, state, at_desk, convened):
    item = convened.items.first()
    at_desk("item-state", convened, {"act": act, "revision": convened.revision}, item=item.pk)
    assert convened.items.first().state == state
    at_desk("item-state", convened, {"act": "restore", "revision": fresh(convened).revision}, item=item.pk)
    assert convened.items.first().state == "to_come"


def test_what_was_typed_for_an_item_that_is_gone_comes_back(at_desk, draft, fields_of):
    item = draft.items.first()
    sent = fields_of(at_desk("item", draft, item=item.pk)) | {"summary": "Une longue phrase bien tournée."}
    draft.items.filter(pk=item.pk).delete()
    answer = at_desk("item", draft, sent, item=item.pk)
    assert answer.status_code == 409
    typed = {str(written.label): written.text for written in answer.context["typed"]}
    assert typed["Résumé en mots simples"] == "Une longue phrase bien tournée."
    assert "Nature" not in typed


def test_an_agenda_comes_out_of_a_table_after_it_was_looked_at(at_desk, draft):
    table = "numéro;titre;durée\n4;Le budget;25\n5;Les subventions;15\n"
    read = at_desk("items-import", draft, {"pasted": table})
    assert "Le budget" in read.content.decode()
    assert draft.items.count() == 3
    assert at_desk("items-import", draft, {"pasted": table, "keep": "1"}).status_code == 302
    assert [item.planned_minutes for item in draft.items.all()][-2:] == [25, 15]


def test_lines_that_cant_be_taken_are_told_by_their_number(at_desk, draft):
    table = "numéro;titre;durée\n1;Le budget;25\n6;;15\n7;Le stade;beaucoup\n"
    answer = at_desk("items-import", draft, {"pasted": table, "keep": "1"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert [f"Ligne {number}" in page for number in (2, 3, 4)] == [True, True, True]
    assert "Le stade" in page
    assert draft.items.count() == 3


# --- The council ------------------------------------------------------------------------------


def test_the_council_comes_out_of_a_table(at_desk, db):
    assert at_desk("members-import", None, {"pasted": MEMBERS}).status_code == 200
    assert not Councillor.objects.exists()
    assert at_desk("members-import", None, {"pasted": MEMBERS, "keep": "1"}).status_code == 302
    assert "Agathe Morin" in at_desk("members").content.decode()
    broken = MEMBERS + "Noël;;;dompteur\n"
    assert "Ligne 4" in at_desk("members-import", None, {"pasted": broken}).content.decode()


def test_the_council_of_the_city_is_of_clerks_of_the_city(at_desk, draft, bruno, sign_in):
    """A clerk of one session alone writes that one."""
    Right.objects.create(user=bruno, role="clerk", space=draft.space)
    client = sign_in(bruno)
    assert at_desk("sitting", draft, client=client).status_code == 200
    assert at_desk("members-import", None, {"pasted": MEMBERS, "keep": "1"}, client=client).status_code == 403


# --- Its life ---------------------------------------------------------------------------------


def test_a_session_is_convened_as_it_was_read(at_desk, draft, colette):
    page = at_desk("convene", draft).content.decode()
    assert "Point 1" in page
    seen = draft.revision
    agenda.withdraw_item(draft.items.select_related("sitting")[0], colette, revision=seen, at=timezone.now())
    assert at_desk("convene", draft, {"revision": seen}).status_code == 409
    assert at_desk("convene", draft, {"revision": seen + 1}).status_code == 302
    assert fresh(draft).state == State.CONVENED


def test_an_empty_agenda_is_not_convened(at_desk, make_sitting):
    empty = make_sitting(items=0)
    assert 'name="revision"' not in at_desk("convene", empty).content.decode()
    assert at_desk("convene", empty, {"revision": 1}).status_code == 422


def test_a_session_is_cancelled_with_its_reason(at_desk, convened):
    assert at_desk("cancel", convened, {"reason": " "}).status_code == 422
    assert at_desk("cancel", convened, {"reason": "La salle est inondée."}).status_code == 302
    assert "La salle est inondée." in at_desk("sitting", convened).content.decode()
    late = at_desk("cancel", convened, {"reason": "Encore un motif."})
    assert late.status_code == 409
    assert "Encore un motif." in late.content.decode()


def test_residents_find_no_desk_and_a_clerk_of_elsewhere_no_session(at_desk, draft, make_sitting, bruno, sign_in):
    assert at_desk("sitting", draft, client=sign_in(bruno)).status_code == 403
    Right.objects.create(user=bruno, role="clerk", space=make_sitting().space)
    assert at_desk("sitting", draft, client=sign_in(bruno)).status_code == 404
    assert Item.objects.filter(sitting=draft).count() == 3
