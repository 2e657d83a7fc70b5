"""What moderators see and press, over HTTP."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from civic.accounts.models import Right
from civic.moderation.models import Case, Decision
from civic.notifications.models import OutgoingMail
from civic.territory.models import Space

QUEUE = "/moderation/"


@pytest.fixture
def desk(mireille, sign_in):
    """A browser in which Mireille is signed in."""
    return sign_in(mireille)


def page(case, act=""):
    return reverse(f"moderation:{act or 'case'}", args=[case.pk])


def form_of(response, **changes):
    """What a browser would send back of the decision's form."""
    form = response.context["form"]
    return {name: str(form[name].value()) for name in ("version", "revision", "key")} | changes


def test_the_queue_shows_the_oldest_first_and_its_age(desk, make_case):
    now = timezone.now()
    young, old = make_case(at=now - timedelta(hours=1)), make_case(at=now - timedelta(days=3))
    response = desk.get(QUEUE)
    assert [row.case for row in response.context["listing"].rows] == [old, young]
    assert response.context["listing"].figures["oldest"] == old.opened_at
    assert response["Cache-Control"] == "private, no-store"


def test_the_queue_goes_on_by_cursor_and_asks_few_questions(desk, make_case, django_assert_max_num_queries):
    now = timezone.now()
    cases = [make_case(at=now - timedelta(minutes=n)) for n in range(45)]
    seen, url = [], QUEUE
    while url:
        with django_assert_max_num_queries(12):
            response = desk.get(url)
        seen += [row.case for row in response.context["listing"].rows]
        following = response.context["listing"].next_url
        url = QUEUE + following if following else ""
    assert seen == cases[::-1]


def test_an_empty_queue_says_so(desk):
    assert "Nothing waits" in desk.get("/en/moderation/").content.decode()


def test_looking_takes_nothing(desk, case, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        response = desk.get(page(case))
    assert response.status_code == 200
    assert Case.objects.get().claimed_by is None
    assert 'name="action"' not in response.content.decode(), "no buttons before it is taken"


def test_taken_shown_and_published(desk, case, mireille):
    response = desk.post(page(case, "claim"), follow=True)
    assert response.redirect_chain == [(page(case), 302)]
    assert 'name="action" value="publish"' in response.content.decode()
    response = desk.post(page(case, "decide"), form_of(response, action="publish"))
    assert (response.status_code, response["Location"]) == (302, f"{QUEUE}?avant={case.pk}")
    assert Decision.objects.get().by == mireille


def test_others_see_the_name_and_no_buttons(desk, case, malik, sign_in):
    desk.post(page(case, "claim"))
    other = sign_in(malik)
    content = other.get(page(case)).content.decode()
    assert "Mireille Aubert" in content and 'name="action"' not in content
    assert "Mireille Aubert" in other.get(QUEUE).content.decode()
    response = other.post(page(case, "claim"))
    assert response.status_code == 409
    assert "Mireille Aubert" in response.content.decode()


def test_a_refusal_without_a_reason_is_422_and_keeps_what_was_typed(desk, case):
    form = form_of(desk.post(page(case, "claim"), follow=True), action="refuse", suggestion="Parlez du lieu.")
    response = desk.post(page(case, "decide"), form)
    assert response.status_code == 422
    assert "Parlez du lieu." in response.content.decode()
    assert response.context["form"].errors["reason"]
    assert form_of(response)["key"] == form["key"]
    assert Case.objects.get().is_open and not OutgoingMail.objects.exists()


def test_a_refusal_with_a_reason(desk, case, reason):
    form = form_of(desk.post(page(case, "claim"), follow=True), action="refuse", reason=reason.pk)
    assert desk.post(page(case, "decide"), form).status_code == 302
    content = desk.get(page(case)).content.decode()
    assert reason.label in content


def test_a_form_without_a_version_is_422(desk, case):
    assert desk.post(page(case, "decide"), {"action": "publish"}).status_code == 422
    assert desk.post(page(case, "decide"), {"action": "publish", "version": "one"}).status_code == 422
    assert Case.objects.get().is_open


def test_who_comes_second_learns_who_decided_what(desk, case, malik, sign_in, decide):
    form = form_of(desk.post(page(case, "claim"), follow=True), action="publish")
    Case.objects.update(claimed_until=timezone.now() - timedelta(minutes=1))
    decide(case, malik)
    response = desk.post(page(case, "decide"), form | {"suggestion": "Parlez du <b>lieu</b>."})
    assert response.status_code == 409
    content = response.content.decode()
    assert "Malik Saïdi" in content and page(case) in content
    assert "Parlez du &lt;b&gt;lieu&lt;/b&gt;." in content, "what was typed is not lost"
    assert OutgoingMail.objects.count() == 1


def test_ones_own_second_tab_is_not_called_a_colleague(desk, case, mireille, decide):
    form = form_of(desk.post(page(case, "claim"), follow=True), action="publish")
    decision = decide(case, mireille)
    response = desk.post(page(case, "decide"), form)
    assert response.status_code == 409
    assert "Vous avez déjà décidé ce dossier" in response.content.decode()
    case.undo(mireille, version=decision.version, key=uuid4(), at=timezone.now())
    assert "puis rouvert" in desk.post(page(case, "decide"), form).content.decode()


def test_a_text_taken_back_meanwhile_was_decided_by_nobody(desk, case):
    form = form_of(desk.post(page(case, "claim"), follow=True), action="publish")
    Case.objects.withdraw(at=timezone.now())
    response = desk.post(page(case, "decide"), form)
    assert response.status_code == 409
    assert "a repris ce texte avant vous" in response.content.decode()


def test_a_conflict_leads_on_to_the_next_case(desk, make_case, malik, decide):
    first, second = make_case(), make_case()
    form = form_of(desk.post(page(first, "claim"), follow=True), action="publish")
    Case.objects.filter(pk=first.pk).update(claimed_until=timezone.now() - timedelta(minutes=1))
    decide(first, malik)
    response = desk.post(page(first, "decide"), form)
    assert 'data-key="j n"' in response.content.decode()
    assert desk.post(reverse("moderation:next")).url == page(second)


def test_a_text_that_changed_is_shown_with_its_difference(desk, case, notes):
    form = form_of(desk.post(page(case, "claim"), follow=True), action="publish")
    notes.edit(case, "Some <b>other</b> text.")
    response = desk.post(page(case, "decide"), form)
    assert response.status_code == 409
    assert "<ins>&lt;b&gt;other&lt;/b&gt; </ins>" in response.content.decode()


def test_the_same_form_twice_answers_alike(desk, case):
    form = form_of(desk.post(page(case, "claim"), follow=True), action="publish")
    answers = [desk.post(page(case, "decide"), form) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert Decision.objects.count() == OutgoingMail.objects.count() == 1


def test_the_tab_in_use_renews(desk, case, malik):
    desk.post(page(case, "claim"))
    assert desk.post(page(case, "renew")).status_code == 204
    Case.objects.update(claimed_by=malik)
    assert desk.post(page(case, "renew")).status_code == 409


def test_skipping_leaves_the_case_to_others(desk, make_case):
    now = timezone.now()
    first, second = make_case(at=now - timedelta(hours=2)), make_case(at=now - timedelta(hours=1))
    assert desk.post(QUEUE + "suivant/")["Location"] == page(first)
    assert desk.post(QUEUE + "suivant/", {"after": first.pk})["Location"] == f"{page(second)}?avant={first.pk}"
    first.refresh_from_db()
    assert first.claimed_by is None
    desk.post(page(second, "release"))
    assert not Case.objects.leased().exists()


@pytest.mark.parametrize("after", ["", "x", "999999", "²", "9" * 5000])
def test_next_with_nothing_left_leads_to_the_queue(desk, after):
    assert desk.post(QUEUE + "suivant/", {"after": after})["Location"] == QUEUE


def test_ones_own_text_is_told_and_refused(desk, make_case, mireille):
    case = make_case(author=mireille)
    content = desk.get(page(case)).content.decode()
    assert 'name="action"' not in content
    assert desk.post(page(case, "claim")).status_code == 403


def test_a_case_of_another_space_is_not_there(make_case, make_person, sign_in):
    here, there = Space.objects.create(kind="session"), Space.objects.create(kind="session")
    case = make_case(space=there)
    local = make_person("Lucie Martin")
    Right.objects.create(user=local, role="moderator", space=here)
    desk = sign_in(local)
    assert not desk.get(QUEUE).context["listing"].rows
    assert desk.get(page(case)).status_code == 404
    for act in ("claim", "renew", "release", "decide"):
        assert desk.post(page(case, act)).status_code == 404


@pytest.mark.parametrize("act", ["case", "claim", "renew", "release", "decide"])
def test_residents_and_clerks_are_refused_and_strangers_sign_in(case, bruno, colette, sign_in, client, act):
    for person in (bruno, colette):
        assert sign_in(person).post(page(case, act)).status_code in (403, 405)
        assert sign_in(person).get(page(case)).status_code == 403
    assert client.get(page(case))["Location"].startswith("/compte/")


def test_an_act_that_comes_back_as_a_link_leads_to_the_case(desk, case):
    for act in ("claim", "renew", "release", "decide"):
        assert desk.get(page(case, act))["Location"] == page(case)
    assert desk.get(QUEUE + "suivant/")["Location"] == QUEUE
    assert Case.objects.get().claimed_by is None


def test_what_people_wrote_is_inert(desk, make_case):
    case = make_case(text="<script>alert(1)</script>")
    assert "<script>alert(1)" not in desk.get(page(case)).content.decode()


def test_a_retired_reason_is_not_offered(desk, case, reason):
    reason.is_active = False
    reason.save()
    response = desk.post(page(case, "claim"), follow=True)
    assert reason.label not in response.content.decode()
    form = form_of(response, action="refuse", reason=reason.pk, key=uuid4())
    assert desk.post(page(case, "decide"), form).status_code == 422
