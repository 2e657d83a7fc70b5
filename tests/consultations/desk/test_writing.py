"""A clerk writes a draft: section by section, questions, choices; and nobody else does."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from civic.accounts.models import Right, Role
from consultations import drafting
from consultations.desk.ways import WAYS
from consultations.models import Consultation
from consultations.models.question import MOST_OPTIONS
from tests.concurrency import together

DAY = timedelta(days=1)
TEXT = {"title": "Le nom du parc", "summary": "Quel nom ?", "description": "Un texte.", "theme": ""}


def fresh(consultation):
    return Consultation.objects.get(pk=consultation.pk)


def moment(days: int) -> str:
    return f"{timezone.localtime() + days * DAY:%Y-%m-%dT%H:%M}"


# --- Who comes in -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["list", "new", "residences", "lists"])
def test_the_desk_is_for_clerks(name, bruno, sign_in, client):
    assert sign_in(bruno).get(reverse(f"clerk:{name}")).status_code == 403
    assert client.get(reverse(f"clerk:{name}")).status_code == 302


def test_a_clerk_of_one_consultation_runs_that_one_alone(draft, make_consultation, camille, at_desk, sign_in):
    other = make_consultation()
    Right.objects.give(camille, Role.CLERK, at=timezone.now() - DAY, space=draft.space)
    client = sign_in(camille)
    assert at_desk("consultation", draft, client=client).status_code == 200
    assert at_desk("consultation", other, client=client).status_code == 404
    assert at_desk("section", other, TEXT, client=client, name="texte").status_code == 404
    page = client.get(reverse("clerk:list")).content.decode()
    assert reverse("clerk:consultation", args=[draft.pk]) in page
    assert reverse("clerk:consultation", args=[other.pk]) not in page


def test_a_moderator_is_no_clerk(draft, mireille, at_desk, sign_in):
    assert at_desk("consultation", draft, client=sign_in(mireille)).status_code == 403


# --- Sections ---------------------------------------------------------------------------------


def test_a_fault_of_a_date_names_its_phase_and_a_text_that_is_awaited_says_so(draft, at_desk):
    wrong = at_desk("section", draft, {"vote_opens": moment(3), "vote_closes": moment(2)}, name="dates")
    assert "Vote, Fin" in wrong.content.decode()
    page = at_desk("section", draft, name="texte").content.decode()
    assert page.count("(nécessaire pour publier)") == 2


def test_a_vote_to_come_tells_no_number_of_voters(budget, colette, at_desk):
    budget.publish(colette, at=timezone.now())
    assert "a voté" not in at_desk("list").content.decode()
    assert "Ont voté" not in at_desk("consultation", budget).content.decode()


def test_a_draft_begins_with_its_title(at_desk, db):
    response = at_desk("new", None, {"title": "  Le nom   du parc "})
    draft = Consultation.objects.get()
    assert draft.title == "Le nom du parc"
    assert response.url == reverse("clerk:section", args=[draft.pk, "texte"])
    assert draft.space.name == "Le nom du parc"


def test_a_title_is_demanded_beside_its_field(at_desk, db):
    response = at_desk("new", None, {"title": " "})
    assert response.status_code == 422
    assert 'href="#id_title"' in response.content.decode()


def test_a_section_is_kept(draft, at_desk):
    response = at_desk("section", draft, TEXT | {"summary": "Deux noms."}, name="texte")
    assert response.status_code == 302
    assert fresh(draft).summary == "Deux noms."
    assert fresh(draft).revision == draft.revision + 1


def test_the_draft_lists_what_is_missing(colette, at_desk, db):
    draft = Consultation.draft(colette, title="Vide")
    page = at_desk("consultation", draft).content.decode()
    for sentence in draft.missing(at=timezone.now()):
        assert str(sentence) in page
    assert reverse("clerk:publish", args=[draft.pk]) not in page


def test_the_timeline_is_kept_and_what_is_left_empty_does_not_take_place(draft, at_desk):
    sent = {"vote_opens": moment(2), "vote_closes": moment(9), "results_opens": moment(10)}
    assert at_desk("section", draft, sent, name="dates").status_code == 302
    phases = {phase.kind: phase for phase in fresh(draft).phases.all()}
    assert set(phases) == {"vote", "results"}
    assert phases["results"].closes_at is None


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"vote_opens": moment(2)}, "vote_closes"),
        ({"vote_closes": moment(2)}, "vote_opens"),
        ({"vote_opens": moment(2), "vote_closes": moment(1)}, "vote_closes"),
        ({"vote_opens": "demain", "vote_closes": moment(3)}, "vote_opens"),
    ],
)
def test_dates_that_make_no_phase_are_refused_beside_their_field(sent, field, draft, at_desk):
    before = list(draft.phases.values_list("opens_at", "closes_at"))
    response = at_desk("section", draft, sent, name="dates")
    assert response.status_code == 422
    assert f'href="#id_{field}"' in response.content.decode()
    assert list(draft.phases.values_list("opens_at", "closes_at")) == before


def test_who_may_take_part_is_kept_with_its_quarters(draft, quarter, at_desk):
    sent = {"residence": "verified", "quarters": [quarter.pk], "only_quarters": "on", "minimum_age": "18"}
    assert at_desk("section", draft, sent, name="participants").status_code == 302
    kept = fresh(draft)
    assert (kept.residence, kept.only_quarters, kept.minimum_age) == ("verified", True, 18)
    assert list(kept.quarters.all()) == [quarter]


def test_quarters_alone_and_a_list_without_one_are_refused(draft, at_desk):
    sent = {"residence": "listed", "only_quarters": "on", "minimum_age": "16"}
    page = at_desk("section", draft, sent, name="participants").content.decode()
    assert 'href="#id_quarters_0"' in page
    assert 'href="#id_resident_list"' in page


# --- Two clerks at once -----------------------------------------------------------------------


def seen(response) -> str:
    return response.context["form"]["seen"].value()


def test_a_second_clerk_sees_the_first_ones_text_and_keeps_what_was_typed(draft, at_desk, make_person, sign_in):
    second = sign_in(make_person("Carole Petit", "clerk"))
    shown = seen(at_desk("section", draft, name="texte", client=second))
    at_desk("section", draft, TEXT | {"summary": "De Colette."}, name="texte")
    late = TEXT | {"summary": "De Carole.", "seen": shown}
    response = at_desk("section", draft, late, name="texte", client=second)
    page = response.content.decode()
    assert response.status_code == 409
    assert "De Colette." in page
    assert "De Carole." in page
    assert fresh(draft).summary == "De Colette."
    again = at_desk("section", draft, late | {"seen": seen(response)}, name="texte", client=second)
    assert again.status_code == 302
    assert fresh(draft).summary == "De Carole."


def test_two_clerks_in_two_sections_do_not_meet(draft, at_desk):
    shown = seen(at_desk("section", draft, name="texte"))
    at_desk("section", draft, {"easy_read": "Un parc."}, name="facile")
    assert at_desk("section", draft, TEXT | {"seen": shown}, name="texte").status_code == 302


def test_an_edit_between_reading_and_writing_is_a_conflict_that_gives_back_what_was_typed(draft, at_desk, monkeypatch):
    """The row moves while the form is looked at: the act itself notices."""
    keep = drafting.edit

    def keep_late(consultation, by, **fields):
        Consultation.objects.filter(pk=consultation.pk).update(revision=99)
        keep(consultation, by, **fields)

    monkeypatch.setattr(drafting, "edit", keep_late)
    response = at_desk("section", draft, TEXT | {"summary": "Tapé avec soin."}, name="texte")
    assert response.status_code == 409
    assert "Tapé avec soin." in response.content.decode()
    assert fresh(draft).summary != "Tapé avec soin."


# --- Questions --------------------------------------------------------------------------------


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_a_question_can_be_asked_in_every_way(way, draft, at_desk, colette):
    sent = {"text": "Que faire ?", "way": way.name, "total_cost": "10 000" if way.is_budget else ""}
    assert at_desk("question-new", draft, sent).status_code == 302
    question = draft.questions.last()
    assert (question.kind, question.counting) == (way.kind, way.counting)
    drafting.add_options(question, colette, [{"label": "A", "cost": 1}, {"label": "B", "cost": 2}])
    page = at_desk("question", draft, question=question.pk)
    sent = {name: field.value() or "" for name, field in ((f.name, f) for f in page.context["form"])}
    sent |= {"points_all": "7"} if way.name == "points" else {}
    sent = {name: value for name, value in sent.items() if value is not False}
    assert at_desk("question", draft, sent, question=question.pk).status_code == 302
    question.refresh_from_db()
    question.as_rule()


def test_a_budget_asks_for_its_sum(draft, at_desk):
    response = at_desk("question-new", draft, {"text": "Quels projets ?", "way": "budget"})
    assert response.status_code == 422
    assert 'href="#id_total_cost"' in response.content.decode()


def test_another_way_takes_away_the_limits_of_the_one_before(draft, at_desk):
    question = draft.questions.get()
    question.points_each, question.points_all, question.kind, question.counting = 3, 7, "points", "points"
    question.save()
    sent = {"text": "Quel nom ?", "way": "several"}
    assert at_desk("way", draft, sent, question=question.pk).status_code == 302
    question.refresh_from_db()
    assert (question.kind, question.counting, question.points_all) == ("multiple", "approval", None)


def test_a_question_goes_and_those_after_it_move_up(budget, at_desk, colette):
    drafting.add_question(budget, colette, text="Et un nom ?", kind="single", counting="plurality")
    first = budget.questions.first()
    assert at_desk("question-remove", budget, {}, question=first.pk).status_code == 302
    assert list(budget.questions.values_list("rank", "text")) == [(1, "Et un nom ?")]


def test_choices_are_added_moved_changed_and_taken_away(budget, at_desk):
    question = budget.questions.get()
    sent = {"label": "Une fontaine", "cost": "1 250,50", "description": "De l’eau.", "more": "1"}
    response = at_desk("option-new", budget, sent, question=question.pk)
    assert response.url == reverse("clerk:option-new", args=[budget.pk, question.pk])
    fountain = question.options.get(label="Une fontaine")
    assert (str(fountain.cost), fountain.slug) == ("1250.50", "une-fontaine")
    place = {"question": question.pk, "option": fountain.pk}
    at_desk("arrange", budget, {"act": "up"}, **place)
    assert [option.label for option in question.options.all()] == ["Un banc", "Un arbre", "Une fontaine", "Un kiosque"]
    at_desk("option", budget, {"label": "Un bassin", "cost": "900"}, **place)
    fountain.refresh_from_db()
    assert (fountain.label, fountain.slug) == ("Un bassin", "une-fontaine")
    at_desk("arrange", budget, {"act": "remove"}, **place)
    assert list(question.options.values_list("rank", flat=True)) == [1, 2, 3]


def test_a_choice_of_another_consultation_is_not_there(budget, draft, at_desk):
    foreign = draft.questions.get()
    response = at_desk("option", budget, question=foreign.pk, option=foreign.options.first().pk)
    assert response.status_code == 404


def test_two_choices_of_one_name_have_two_slugs(budget, colette):
    question = budget.questions.get()
    added = drafting.add_options(question, colette, [{"label": "Un banc"}, {"label": "Un banc"}])
    assert [option.slug for option in added] == ["un-banc-2", "un-banc-3"]


@pytest.mark.django_db(transaction=True)
def test_two_at_once_never_add_one_choice_too_many(budget, colette):
    question = budget.questions.get()
    drafting.add_options(question, colette, [{"label": f"P{n}", "cost": 1} for n in range(MOST_OPTIONS - 4)])

    def add(number):
        try:
            drafting.add_options(question, colette, [{"label": f"Encore {number}", "cost": 1}])
        except drafting.TooManyOptions:
            return False
        return True

    outcomes = together(*(lambda n=n: add(n) for n in range(4)))
    assert sorted(outcomes) == [False, False, False, True]
    assert question.options.count() == MOST_OPTIONS


# --- Tables of choices ------------------------------------------------------------------------


def test_a_table_is_shown_before_it_is_added(budget, at_desk):
    question = budget.questions.get()
    sent = {"pasted": "titre;cout\nUne fontaine;300\nUn bassin;200\n"}
    shown = at_desk("options-import", budget, sent, question=question.pk)
    assert shown.status_code == 200
    assert "Une fontaine" in shown.content.decode()
    assert question.options.count() == 3
    assert at_desk("options-import", budget, sent | {"keep": "1"}, question=question.pk).status_code == 302
    assert question.options.count() == 5


def test_a_table_with_a_fault_adds_nothing_and_names_the_line(budget, at_desk):
    question = budget.questions.get()
    sent = {"pasted": "titre;cout\nUne fontaine;300\nUn bassin;cher\n", "keep": "1"}
    response = at_desk("options-import", budget, sent, question=question.pk)
    page = response.content.decode()
    assert response.status_code == 422
    assert "Ligne 3" in page
    assert "Un bassin;cher" in page
    assert question.options.count() == 3


# --- After the publication ----------------------------------------------------------------------


def test_a_published_consultation_is_not_written_any_more(budget, colette, at_desk):
    budget.publish(colette, at=timezone.now())
    question = budget.questions.get()
    for name, arguments in {"section": {"name": "texte"}, "question-new": {}, "documents": {}}.items():
        assert at_desk(name, budget, **arguments).status_code == 409
    response = at_desk("section", budget, TEXT | {"summary": "Trop tard."}, name="texte")
    assert response.status_code == 409
    assert "Trop tard." in response.content.decode()
    with pytest.raises(drafting.AlreadyPublished):
        drafting.add_options(question, colette, [{"label": "Un puits", "cost": 1}])
