"""What two clerks, two tabs or a late click can spoil: nothing is lost, and each is told why in a sentence."""

from datetime import timedelta

import pytest
from django.utils import timezone

from consultations import counting, drafting
from consultations.models import Consultation, Option, State
from consultations.models.correcting import CorrectedMeanwhile, correction
from consultations.models.question import MOST_OPTIONS
from tests.consultations.votes import opened

DAY = timedelta(days=1)
WHY = "Le devis était faux."


@pytest.fixture
def published(budget, colette):
    budget.publish(colette, at=timezone.now())
    return Consultation.objects.get(pk=budget.pk)


@pytest.fixture
def choice(published):
    return published.questions.get().options.first()


def seen_in(response):
    """The fingerprint of what a form was filled over."""
    return response.context["form"]["seen"].value()


def words(choice, **changed):
    return {"label": choice.label, "description": choice.description, "cost": "400", "explanation": WHY} | changed


def plain(response):
    return response.content.decode().replace("\u00a0", " ").replace("\u202f", " ")


def given_back(response):
    """Label and text of what a refusal gives back."""
    return {str(written.label): written.text for written in response.context["typed"]}


def texts(consultation, **changed):
    known = {name: getattr(consultation, name) for name in ("title", "summary", "description", "easy_read")}
    return known | {"question_1_text": consultation.questions.get().text, "explanation": WHY} | changed


# --- Costs and limits -------------------------------------------------------------------------


def test_until_the_vote_opens_a_cost_is_corrected_in_public(published, choice, at_desk):
    assert "jusqu’à l’ouverture du vote" in at_desk("correct", published).content.decode()
    assert at_desk("correct-option", published, words(choice, cost="450"), option=choice.pk).status_code == 302
    choice.refresh_from_db()
    assert choice.cost == 450
    first, second = published.versions.all()
    costs = [version.content["questions"][0]["options"][0]["cost"] for version in (first, second)]
    assert costs == ["400", "450"]
    assert second.explanation == WHY


def test_until_the_vote_opens_limits_are_corrected_in_public(published, at_desk):
    question = published.questions.get()
    page = at_desk("correct-limits", published, question=question.pk).content.decode()
    assert 'name="maximum"' in page
    assert 'name="points_each"' not in page
    sent = {"total_cost": "900", "maximum": "2", "explanation": WHY}
    assert at_desk("correct-limits", published, sent, question=question.pk).status_code == 302
    question.refresh_from_db()
    assert (question.total_cost, question.maximum) == (900, 2)
    assert published.versions.last().content["questions"][0]["maximum"] == 2


def test_until_the_vote_opens_a_choice_is_added_in_public(published, at_desk):
    question = published.questions.get()
    assert "Ajouter un choix à « Quels projets ? »" in plain(at_desk("correct", published))
    sent = {"label": "Une fontaine", "cost": "300", "description": "Avec de l’eau.", "explanation": WHY}
    assert at_desk("offer", published, sent, question=question.pk).status_code == 302
    assert [option.label for option in question.options.all()][-1] == "Une fontaine"
    question.refresh_from_db()
    assert sorted(question.tie_order) == sorted(option.slug for option in question.options.all())
    second = published.versions.last()
    assert (second.number, second.explanation) == (2, WHY)
    assert len(second.content["questions"][0]["options"]) == 4


def test_until_the_vote_opens_a_choice_is_taken_off_in_public(published, choice, at_desk):
    assert at_desk("take-out", published, {"explanation": WHY}, option=choice.pk).status_code == 302
    question = published.questions.get()
    assert [option.rank for option in question.options.all()] == [1, 2]
    assert choice.slug not in question.tie_order
    assert len(published.versions.last().content["questions"][0]["options"]) == 2
    assert at_desk("take-out", published, {"explanation": WHY}, option=choice.pk).status_code == 404


def test_a_choice_more_or_less_needs_its_reason_and_stays_within_bounds(published, choice, at_desk):
    question = published.questions.get()
    sent = {"label": "Une fontaine", "cost": "300", "explanation": ""}
    assert at_desk("offer", published, sent, question=question.pk).status_code == 422
    with correction(published, published.author, explanation=WHY, at=timezone.now()):
        rows = [{"label": f"Projet {number}", "cost": 10} for number in range(MOST_OPTIONS - 3)]
        drafting.append_options(question, rows)
    full = at_desk("offer", published, sent | {"explanation": WHY}, question=question.pk)
    assert full.status_code == 409
    assert "Une fontaine" in full.content.decode()
    assert Option.objects.filter(question=question).count() == MOST_OPTIONS


@pytest.mark.parametrize("act", ["offer", "take-out"])
def test_once_people_vote_no_choice_comes_or_goes(published, choice, at_desk, act):
    opened(published)
    if act == "offer":
        given, sent = {"question": choice.question_id}, {"label": "Une fontaine", "cost": "300", "explanation": WHY}
    else:
        given, sent = {"option": choice.pk}, {"explanation": WHY}
    assert '<form class="form' not in at_desk(act, published, **given).content.decode()
    refused = at_desk(act, published, sent, **given)
    assert refused.status_code == 409
    assert WHY in refused.content.decode()
    assert Option.objects.filter(question=choice.question_id).count() == 3
    assert published.versions.count() == 1


def test_a_correction_leaves_a_consultation_that_can_be_voted_on(published, at_desk):
    sent = {"total_cost": "300", "maximum": "", "explanation": WHY}
    response = at_desk("correct-limits", published, sent, question=published.questions.get().pk)
    assert response.status_code == 422
    assert "aucun projet" in response.content.decode()
    assert WHY in response.content.decode()
    assert published.versions.count() == 1


def test_once_the_vote_has_opened_the_desk_says_why_costs_and_limits_stay(published, choice, at_desk):
    opened(published)
    for name, given in (
        ("correct", {}), ("correct-option", {"option": choice.pk}), ("correct-limits", {"question": choice.question_id})
    ):  # fmt: skip
        page = at_desk(name, published, **given).content.decode()
        assert "ne peut plus être corrigé" in page
        assert 'name="cost"' not in page
        assert 'name="total_cost"' not in page
    renamed = words(choice, label="Un grand banc")
    assert at_desk("correct-option", published, renamed, option=choice.pk).status_code == 302


@pytest.mark.parametrize("part", ["cost", "limits"])
def test_a_cost_or_limit_sent_after_the_opening_is_refused_and_given_back(part, published, choice, at_desk):
    opened(published)
    if part == "cost":
        sent = words(choice, cost="12345", label="Un grand banc")
        response = at_desk("correct-option", published, sent, option=choice.pk)
    else:
        sent = {"total_cost": "12345", "maximum": "", "explanation": WHY}
        response = at_desk("correct-limits", published, sent, question=choice.question_id)
    assert response.status_code == 409
    page = response.content.decode()
    assert "12345" in page
    assert WHY in page
    assert published.versions.count() == 1
    assert set(Option.objects.values_list("cost", flat=True)) == {400}


def test_a_question_without_limits_has_no_such_page(make_consultation, colette, at_desk):
    consultation = make_consultation()
    consultation.publish(colette, at=timezone.now())
    question = consultation.questions.get()
    assert at_desk("correct-limits", consultation, question=question.pk).status_code == 404


# --- Two clerks -------------------------------------------------------------------------------


def test_a_correction_from_a_page_that_is_behind_undoes_no_other(published, colette, at_desk):
    seen = seen_in(at_desk("correct", published))
    published.correct(colette, explanation="Une faute.", at=timezone.now(), title="Un budget pour le grand parc")
    behind = texts(published, title="Un budget pour le parc", summary="Mieux.", seen=seen)
    response = at_desk("correct", published, behind)
    assert response.status_code == 409
    page = response.content.decode()
    for told in ("Un budget pour le grand parc", "Mieux.", WHY):
        assert told in page
    assert Consultation.objects.get().title == "Un budget pour le grand parc"
    again = texts(published, title="Un budget pour le grand parc", summary="Mieux.", seen=seen_in(response))
    assert at_desk("correct", published, again).status_code == 302
    assert Consultation.objects.get().summary == "Mieux."


def test_the_same_correction_sent_twice_is_one_version(published, choice, at_desk):
    seen = seen_in(at_desk("correct-option", published, option=choice.pk))
    sent = words(choice, label="Un grand banc", seen=seen)
    assert at_desk("correct-option", published, sent, option=choice.pk).status_code == 302
    response = at_desk("correct-option", published, sent, option=choice.pk)
    assert response.status_code == 422
    assert WHY in response.content.decode()
    assert published.versions.count() == 2


def test_of_two_corrections_at_the_same_moment_the_second_is_told(published, colette):
    before = published.revision
    published.correct(colette, explanation="Une faute.", at=timezone.now(), title="Le premier")
    with pytest.raises(CorrectedMeanwhile):
        published.correct(colette, explanation="Une autre.", at=timezone.now(), title="Le second", revision=before)
    assert published.versions.count() == 2


def test_what_is_published_is_what_its_clerk_has_read(budget, colette, at_desk):
    seen = seen_in(at_desk("publish", budget))
    drafting.edit(budget, colette, revision=budget.revision, title="Un autre titre")
    response = at_desk("publish", budget, {"is_sure": "on", "seen": seen})
    assert response.status_code == 409
    assert "après que vous avez ouvert cette page" in response.content.decode()
    assert Consultation.objects.get().published_at is None
    again = {"is_sure": "on", "seen": seen_in(at_desk("publish", budget))}
    assert at_desk("publish", budget, again).status_code == 302


def test_what_is_typed_for_a_choice_that_another_clerk_took_out_comes_back(budget, colette, at_desk):
    question = budget.questions.get()
    gone = question.options.first()
    drafting.remove_option(Option.objects.get(pk=gone.pk), colette)
    sent = {"label": "Un long banc", "cost": "400", "description": "Six places."}
    response = at_desk("option", budget, sent, question=question.pk, option=gone.pk)
    assert response.status_code == 409
    assert given_back(response) == {"Titre": "Un long banc", "Coût, en euros": "400", "Description": "Six places."}
    assert "<dt>Description</dt><dd>Six places.</dd>" in response.content.decode()
    assert at_desk("option", budget, question=question.pk, option=gone.pk).status_code == 404


def test_what_is_typed_into_a_draft_that_was_published_meanwhile_comes_back(published, at_desk):
    sent = {"title": "Un titre", "summary": "Un résumé tout neuf.", "theme": "3", "seen": "0f", "unknown": "x"}
    response = at_desk("section", published, sent, name="texte")
    assert response.status_code == 409
    assert given_back(response) == {"Titre": "Un titre", "Résumé": "Un résumé tout neuf."}
    dates = at_desk("section", published, {"vote_opens": "2031-01-01T08:00"}, name="dates")
    assert given_back(dates) == {"Vote, Ouverture": "2031-01-01T08:00"}


# --- Too late ---------------------------------------------------------------------------------


def test_a_withdrawn_consultation_keeps_its_words_and_gives_back_what_was_typed(published, colette, at_desk):
    published.withdraw(colette, reason="Abandonné.", at=timezone.now())
    asked = texts(published, summary="Mieux.", question_1_text="Lesquels ?", question_1_help="Trois au plus.")
    told = given_back(at_desk("correct", published, asked))
    assert told["Résumé"] == "Mieux."
    assert (told["Question 1"], told["Aide sous la question 1"]) == ("Lesquels ?", "Trois au plus.")
    assert list(given_back(at_desk("withdraw", published, {"reason": "Mieux."})).values()) == ["Mieux."]
    assert Consultation.objects.get().withdrawal_reason == "Abandonné."


def moved(consultation, moment):
    local = timezone.localtime(moment)
    return {"phase": consultation.vote.pk, "closes_at": f"{local:%Y-%m-%dT%H:%M}", "reason": "Une panne."}


def test_a_vote_whose_close_is_past_is_moved_to_a_moment_to_come_or_not_at_all(make_consultation, colette, at_desk):
    at = timezone.now()
    consultation = make_consultation(opens=-9, closes=-1, at=at)
    consultation.publish(colette, at=at - 10 * DAY)
    past = at_desk("extend", consultation, moved(consultation, at - DAY / 2))
    assert past.status_code == 422
    assert "déjà passé" in past.content.decode()
    assert "Une panne." in past.content.decode()
    assert not consultation.extensions.exists()
    counting.count(Consultation.objects.get(), by=colette, at=at)
    late = at_desk("extend", consultation, moved(consultation, at + DAY))
    assert late.status_code == 409
    assert "Une panne." in late.content.decode()
    assert Consultation.objects.get().state == State.COUNTED


def test_the_same_date_moved_twice_is_one_extension(published, at_desk):
    sent = moved(published, published.vote.closes_at + DAY)
    assert at_desk("extend", published, sent).status_code == 302
    again = at_desk("extend", published, sent)
    assert again.status_code == 422
    assert "Une panne." in again.content.decode()
    assert published.extensions.count() == 1
