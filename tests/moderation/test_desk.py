"""The desk over HTTP: views of the queue, many at once, undo, colleagues, what is set apart, and who sees what."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from civic.accounts.models import Right
from civic.moderation.models import Case, Decision, Desk, Note, Reason
from civic.moderation.registry import Standing
from civic.realtime import registry as realtime
from civic.territory.models import Space

QUEUE = "/moderation/"
LOT, UNDO_LOT = QUEUE + "lot/", QUEUE + "lot/annulation/"


@pytest.fixture
def desk(mireille, sign_in):
    return sign_in(mireille)


@pytest.fixture
def here(db):
    return Space.objects.create(kind="session", name="Conseil du 3 décembre")


@pytest.fixture
def lucie(make_person, here):
    """She moderates one space and no other."""
    local = make_person("Lucie Martin")
    Right.objects.create(user=local, role="moderator", space=here)
    return local


def address(case, act="case"):
    return reverse(f"moderation:{act}", args=[case.pk])


def shown(desk, query=""):
    return [row.case for row in desk.get(f"{QUEUE}?{query}").context["listing"].rows]


def row(case, version=0, revision=1):
    return f"{case.pk}:{version}:{revision}"


class TestQueue:
    def test_each_view_has_its_cases_and_its_count(self, desk, make_case, mireille, malik, decide):
        now = timezone.now()
        mine, handed, appeal, done = make_case(), make_case(), make_case(trigger="appeal"), make_case()
        mine.claim(mireille)
        handed.escalate(malik, mireille, "Pour toi.", at=now)
        decide(done, malik)
        assert set(shown(desk)) == {mine, handed, appeal}
        assert set(shown(desk, "vue=miens")) == {mine, handed}
        assert shown(desk, "vue=recours") == [appeal]
        assert shown(desk, "vue=decides") == [done]
        tabs = desk.get(QUEUE).context["listing"].tabs
        assert [tab["count"] for tab in tabs] == [3, 2, 0, 1, None]

    def test_reported_cases_are_those_with_reports(self, desk, make_case, bruno, reason):
        make_case()
        public = make_case(standing=Standing.PUBLIC)
        public.subject.report(bruno, reason=reason, sentence="Voyez.", at=timezone.now())
        assert shown(desk, "vue=signales") == [public]
        assert shown(desk, f"vue=signales&motif={reason.pk}") == [public]
        other = Reason.objects.exclude(pk=reason.pk).first()
        assert shown(desk, f"vue=signales&motif={other.pk}") == []

    @pytest.mark.parametrize(
        ("query", "found"), [("age=1", "old"), ("age=retard", ""), ("type=petition", ""), ("lieu=ville", "old young")]
    )
    def test_filters(self, desk, make_case, query, found):
        now = timezone.now()
        cases = {"old": make_case(at=now - timedelta(days=2)), "young": make_case(at=now)}
        assert shown(desk, query) == [cases[name] for name in found.split()]

    def test_the_place_is_named_and_can_be_chosen(self, desk, make_case, here):
        elsewhere, in_session = make_case(), make_case(space=here)
        page = desk.get(QUEUE).content.decode()
        assert page.count("Conseil du 3 décembre") == 2, "in the filter and in the row"
        assert shown(desk, f"lieu={here.pk}") == [in_session]
        assert shown(desk, "lieu=ville") == [elsewhere]
        assert "Conseil du 3 décembre" in desk.get(address(in_session)).content.decode()

    @pytest.mark.parametrize("query", ["vue=x", "type=x", "lieu=x", "motif=x", "age=x", "avant=x", "avant=9999999999"])
    def test_an_address_that_says_nothing_shows_all(self, desk, case, query):
        assert shown(desk, query) == [case]

    def test_questions_do_not_grow_with_the_rows(self, desk, make_case, django_assert_max_num_queries):
        for _turn in range(12):
            make_case()
        with django_assert_max_num_queries(12):
            desk.get(QUEUE)


class TestMany:
    def test_what_waits_is_published_and_what_is_public_is_left(self, desk, make_case):
        held, public = make_case(), make_case(standing=Standing.PUBLIC)
        form = {"row": [row(held), row(public)], "does": "accept", "key": str(uuid4())}
        answer = desk.post(LOT, form)
        assert len(answer.context["done"]) == 2
        assert {d.action for d in Decision.objects.all()} == {"publish", "keep"}
        # A reload sends the same form again, and changes nothing.
        assert len(desk.post(LOT, form).context["done"]) == 2
        assert Decision.objects.count() == 2

    def test_each_conflict_says_who_decided_what(self, desk, make_case, malik, decide, reason):
        cases = [make_case() for _turn in range(4)]
        decide(cases[0], malik)
        cases[1].claim(malik)
        form = {"row": [row(case) for case in cases], "does": "restrict", "reason": reason.pk, "key": str(uuid4())}
        answer = desk.post("/en" + LOT, form)
        content = answer.content.decode()
        assert "2 cases decided" in content and "2 conflicts" in content
        assert content.count("Malik Saïdi") == 2 and "Published" in content
        assert Decision.objects.filter(action="refuse").count() == 2

    def test_a_refusal_without_a_reason_and_a_lot_without_rows_are_422(self, desk, case):
        key = str(uuid4())
        assert desk.post(LOT, {"row": row(case), "does": "restrict", "key": key}).status_code == 422
        assert desk.post(LOT, {"does": "accept", "key": key}).status_code == 422
        assert desk.post(LOT, {"row": "x:y", "does": "accept", "key": key}).status_code == 422
        assert not Decision.objects.exists()

    def test_all_of_it_is_undone_by_one_button(self, desk, make_case):
        cases = [make_case() for _turn in range(3)]
        desk.post(LOT, {"row": [row(case) for case in cases], "does": "accept", "key": str(uuid4())})
        answer = desk.post(UNDO_LOT, {"row": [f"{case.pk}:1" for case in cases], "key": str(uuid4())})
        assert len(answer.context["done"]) == 3
        assert Case.objects.waiting().count() == 3


class TestCase:
    def test_after_a_decision_the_next_is_taken_and_the_last_can_be_undone(self, desk, make_case, mireille):
        now = timezone.now()
        first, second = make_case(at=now - timedelta(hours=2)), make_case(at=now - timedelta(hours=1))
        form = desk.post(address(first, "claim"), follow=True).context["form"]
        sent = {name: str(form[name].value()) for name in ("version", "revision", "key")}
        answer = desk.post(address(first, "decide"), sent | {"action": "publish", "then_next": "on"}, follow=True)
        assert answer.redirect_chain[0][0] == f"{address(second)}?avant={first.pk}"
        assert second.is_held_by(mireille)
        told = answer.context["told"]
        assert told.decision.action == "publish"
        desk.post(address(first, "undo"), {"version": told.decision.version, "key": str(told.undo_key)})
        first.refresh_from_db()
        assert first.is_open

    @pytest.mark.parametrize("typed", [{}, {"suggestion": "Dites où <b>exactement</b>."}, {"masked_text": "Some […]."}])
    def test_a_conflict_gives_back_what_was_typed(self, desk, make_case, malik, decide, reason, typed):
        case = make_case(text="Some text.")
        decide(case, malik)
        action = {"action": "mask" if "masked_text" in typed else "refuse", "reason": reason.pk}
        sent = {"version": 0, "revision": 1, "key": str(uuid4())} | action | typed
        answer = desk.post(address(case, "decide"), sent)
        assert answer.status_code == 409
        content = answer.content.decode()
        assert "Malik Saïdi" in content
        assert all(escape(text) in content for text in typed.values())

    def test_masking_badly_keeps_what_was_typed(self, desk, make_case, reason):
        case = make_case(text="Some rude text.")
        form = desk.post(address(case, "claim"), follow=True).context["form"]
        sent = {name: str(form[name].value()) for name in ("version", "revision", "key")}
        sent |= {"action": "mask", "reason": reason.pk, "masked_text": "Another text."}
        answer = desk.post(address(case, "decide"), sent)
        assert answer.status_code == 422
        assert "Another text." in answer.content.decode()
        assert desk.post(address(case, "decide"), sent | {"masked_text": "Some […] text."}).status_code == 302
        assert Decision.objects.get().masked_text == "Some […] text."

    def test_measures_come_with_the_decision_and_need_a_reason(self, desk, case, reason):
        form = desk.post(address(case, "claim"), follow=True).context["form"]
        sent = {name: str(form[name].value()) for name in ("version", "revision", "key")}
        sent |= {"action": "publish", "warning": "on", "silence": "mute:7"}
        assert desk.post(address(case, "decide"), sent).status_code == 422
        assert desk.post(address(case, "decide"), sent | {"reason": reason.pk}).status_code == 302
        assert set(Decision.objects.get().sanctions.values_list("kind", flat=True)) == {"warning", "mute"}

    def test_a_note_and_a_colleague(self, desk, case, malik):
        desk.post(address(case, "note"), {"text": "Vu hier."})
        assert "Vu hier." in desk.get(address(case)).content.decode()
        assert desk.post(address(case, "note"), {"text": ""}).status_code == 422
        assert desk.post(address(case, "escalate"), {"to": malik.pk, "text": "À toi."}).status_code == 302
        case.refresh_from_db()
        assert case.escalated_to == malik
        assert Note.objects.count() == 2

    def test_neither_mail_nor_address_of_the_author_is_shown(self, desk, case, amina):
        content = desk.post(address(case, "claim"), follow=True).content.decode()
        assert amina.name in content and amina.email not in content

    def test_a_content_leads_to_its_case_and_opens_one_where_there_is_none(self, desk, case, mireille, malik, decide):
        to = reverse("moderation:content", args=[case.subject_id])
        assert desk.get(to)["Location"] == address(case)
        decide(case, malik)
        assert desk.get(to).status_code == 200
        assert Case.objects.count() == 1
        opened = desk.post(to)["Location"]
        case = Case.objects.get(trigger="staff")
        assert opened == address(case) and case.is_held_by(mireille)


class TestApart:
    @pytest.fixture
    def apart(self, make_case, malik):
        case = make_case(text="Une menace.", standing=Standing.PUBLIC)
        case.set_apart(malik, "criminal", "Police prévenue.", at=timezone.now())
        return case

    def test_it_leaves_the_queue_for_a_page_that_says_whom_to_call(self, desk, apart):
        assert shown(desk) == []
        content = desk.get(QUEUE + "a-part/").content.decode()
        assert f"/moderation/{apart.pk}/" in content and "tel:3114" in content

    def test_the_evidence_is_saved_as_a_file(self, desk, apart):
        answer = desk.get(address(apart, "evidence"))
        assert answer.json()["content"]["parts"][0]["text"] == "Une menace."
        assert "attachment" in answer["Content-Disposition"]

    def test_who_sets_apart_reads_the_text_and_whom_to_call(self, desk, make_case, mireille):
        case = make_case(text="Je vais en finir.", standing=Standing.PUBLIC)
        case.claim(mireille)
        page = desk.get(address(case, "set-apart")).content.decode()
        assert "Je vais en finir." in page and 'href="tel:3114"' in page
        told = desk.post(address(case, "set-apart"), {"kind": "danger", "text": "Voir 3114."}, follow=True)
        assert told.redirect_chain[-1][0] == QUEUE + "a-part/" and "est à part" in told.content.decode()

    def test_it_comes_back_with_a_note(self, desk, apart):
        assert desk.post(address(apart, "bring-back"), {"text": "Une chanson."}).status_code == 302
        assert shown(desk) == [apart]


class TestElsewhere:
    """A moderator of one space asking for another's: by address, many at once, export and socket."""

    ACTS = ("case", "claim", "renew", "release", "decide", "undo", "note", "escalate", "set-apart", "bring-back")

    def test_every_address_of_a_case_is_404(self, make_case, lucie, sign_in):
        case, desk = make_case(), sign_in(lucie)
        for act in self.ACTS[1:]:
            assert desk.post(address(case, act), {"text": "x"}).status_code == 404
        assert desk.get(address(case)).status_code == 404
        assert desk.get(address(case, "evidence")).status_code == 404
        assert desk.get(reverse("moderation:content", args=[case.subject_id])).status_code == 404
        assert desk.get(QUEUE + "a-part/").status_code == 404

    def test_a_lot_reaches_no_case_of_another_space(self, make_case, lucie, sign_in):
        case = make_case()
        answer = sign_in(lucie).post(LOT, {"row": row(case), "does": "accept", "key": str(uuid4())})
        assert len(answer.context["conflicts"]) == 1 and "Note" not in answer.content.decode()
        assert not Decision.objects.exists()

    def test_a_desk_is_followed_by_those_who_sit_at_it(self, lucie, mireille, bruno, here):
        city, local = Desk.objects.of(None), Desk.objects.of(here)
        assert list(Desk.objects.of_user(mireille)) == [city]
        assert list(Desk.objects.of_user(lucie)) == [local]
        for user, readable in ((mireille, {city, local}), (lucie, {local}), (bruno, set())):
            assert {desk for desk in (city, local) if realtime.can_read(user, desk.stream)} == readable

    def test_catch_up_is_404_for_others(self, lucie, sign_in, here):
        stream = Desk.objects.of(None).stream_id
        assert sign_in(lucie).get(f"/streams/{stream}/?since=0").status_code == 404


class TestLive:
    def frames(self, space=None):
        return [event.html["fr"] for event in Desk.objects.of(space).stream.events.order_by("seq")]

    def test_what_becomes_of_a_case_is_told_and_never_its_text(
        self, make_case, malik, decide, here, django_capture_on_commit_callbacks
    ):
        with django_capture_on_commit_callbacks(execute=True):
            case = make_case(space=here, text="Un secret.")
        assert "libre" in self.frames()[-1]
        with django_capture_on_commit_callbacks(execute=True):
            case.claim(malik)
        assert "Malik Saïdi" in self.frames()[-1]
        with django_capture_on_commit_callbacks(execute=True):
            decide(case, malik)
        assert 'data-standing="over"' in self.frames()[-1]
        # One frame for each case: only where it stands now matters. Both desks hear of it.
        assert len(self.frames()) == len(self.frames(here)) == 1
        assert "secret" not in "".join(self.frames() + self.frames(here))

    def test_what_is_told_equals_what_the_page_shows(self, make_case, desk, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            make_case()
        assert self.frames()[-1].strip() in desk.get(QUEUE).content.decode()

    def test_who_hands_a_case_over_no_longer_holds_it(self, case, mireille, malik, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            case.claim(mireille)
            case.escalate(mireille, malik, "À toi.", at=timezone.now())
        assert "confié à Malik Saïdi" in self.frames()[-1]

    def test_a_case_set_apart_only_leaves(self, make_case, malik, here, django_capture_on_commit_callbacks):
        case = make_case(space=here, standing=Standing.PUBLIC)
        with django_capture_on_commit_callbacks(execute=True):
            case.set_apart(malik, "danger", "Voir 3114.", at=timezone.now())
        assert "plus dans la file" in self.frames(here)[-1]
        assert "danger" not in self.frames(here)[-1]
