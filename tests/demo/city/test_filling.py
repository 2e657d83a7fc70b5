"""The demo's city is coherent: its dates, counts, decisions and mails agree with each other."""

import threading
from collections import Counter as Tally

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import connection
from django.db.models import Count, F, Q

from civic.accounts.models import Role, User
from civic.audit.models import Entry
from civic.comments import counting as supports
from civic.comments.models import Comment, Support, Thread
from civic.demo.cast import CAST
from civic.demo.filling import fill
from civic.demo.texts import load
from civic.kernel.text import fold
from civic.moderation.models import Case, Decision, Reason, Report, Sanction
from civic.notifications.models import OutgoingMail
from civic.territory.models import Quarter, Theme
from petitions import counting
from petitions.models import Petition, PetitionState, Signature, SignatureRequest, Threshold

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("demo"), pytest.mark.usefixtures("city")]

TOLD = {told["title"]: told for told in load("petitions")["petitions"]}


def petitions():
    rows = Petition.objects.select_related("theme", "quarter", "author", "counter", "refusal_reason")
    return [(petition, TOLD[petition.title]) for petition in rows]


def test_every_petition_of_the_content_is_there_word_for_word(city):
    assert city.petitions == Petition.objects.count() == len(TOLD)
    for petition, told in petitions():
        assert (petition.request, petition.details) == (told["request"], told["details"])
        assert petition.theme.slug == told["theme"]
        assert (petition.quarter and petition.quarter.slug) == told["quarter"]


def test_every_petition_is_in_the_state_that_it_was_told(now):
    assert {petition.title: petition.state_at(now).value for petition, _told in petitions()} == {
        title: told["state"] for title, told in TOLD.items()
    }


def test_petitions_are_found_by_their_words():
    assert Petition.objects.search("lampadaire").exists()


def test_the_demo_is_filled_once(now):
    before = Petition.objects.count(), Signature.objects.count(), User.objects.count()
    assert fill(now=now) is None
    assert (Petition.objects.count(), Signature.objects.count(), User.objects.count()) == before


def test_a_second_filling_beside_the_first_does_nothing(now):
    """The first has not committed: the second sees an empty database, and a lock."""
    found = []

    def fill_beside():
        found.append(fill(now=now))
        connection.close()

    thread = threading.Thread(target=fill_beside)
    thread.start()
    thread.join()
    assert found == [None]


class TestPlacesAndPeople:
    def test_quarters_themes_and_reasons_are_those_of_the_content(self):
        assert Quarter.objects.count() == len(load("quarters")["quarters"])
        assert Theme.objects.count() == len(load("themes")["themes"])
        given = {reason.code: reason for reason in Reason.objects.filter(is_active=True)}
        assert set(given) == {told["code"] for told in load("reasons")["reasons"]}
        for told in load("reasons")["reasons"]:
            reason = given[told["code"]]
            assert (reason.article, fold(reason.wording)) == (told["article"], fold(told["wording"]))

    def test_every_address_is_confirmed_and_leads_nowhere(self):
        assert EmailAddress.objects.filter(verified=True, primary=True).count() == User.objects.count()
        assert not User.objects.exclude(email__endswith="@example.org").exists()
        assert not Signature.objects.exclude(Q(email="") | Q(email__endswith="@example.org")).exists()

    @pytest.mark.parametrize("member", CAST, ids=lambda member: member.key)
    def test_the_cast_holds_its_roles_and_staff_a_second_factor(self, member, now):
        user = User.objects.get(email=member.email)
        assert user.name == member.name
        rights = user.rights_in_force(at=now)
        everywhere = {role for role, space in rights if space is None}
        assert everywhere == ({member.office} if member.office else set())
        # Scrutineers hold a right in the spaces of secret votes alone.
        assert {role for role, space in rights if space is not None} <= {Role.SCRUTINEER}
        assert Authenticator.objects.filter(user=user).exists() == bool(rights)

    def test_amina_wrote_what_the_entrance_says(self, now):
        written = Petition.objects.filter(author__email="amina@example.org")
        assert {petition.state_at(now).value for petition in written} == {"open", "closed", "in_review", "draft"}


class TestDates:
    def test_what_happened_to_a_petition_happened_in_order(self, now):
        for petition, _told in petitions():
            past = [petition.created_at, petition.submitted_at, petition.published_at or petition.refused_at]
            past = [moment for moment in past if moment]
            assert past == sorted(past)
            assert past[-1] < now
            for ending in (petition.archived_at, petition.withdrawn_at, petition.hidden_at):
                assert ending is None or petition.opens_at < ending < now

    def test_collections_last_as_long_as_told(self):
        for petition, told in petitions():
            if petition.opens_at:
                assert (petition.closes_at - petition.opens_at).days == told["duration_days"]

    def test_signatures_were_given_while_the_petition_was_open(self, now):
        early = Q(signed_at__lt=F("petition__opens_at"), anonymised_at=None)
        late = Q(signed_at__gte=F("petition__closes_at")) | Q(signed_at__gt=now)
        ended = Q(signed_at__gt=F("petition__withdrawn_at")) | Q(signed_at__gt=F("petition__hidden_at"))
        assert not Signature.objects.filter(early | late | ended).exists()
        assert not Signature.objects.filter(Q(withdrawn_at__lt=F("signed_at")) | Q(withdrawn_at__gt=now)).exists()

    def test_the_journal_follows_the_dates(self):
        moments = list(Entry.objects.filter(action__startswith="petition.").order_by("pk").values_list("at", flat=True))
        assert len(moments) > 40
        assert moments == sorted(moments)


class TestSignatures:
    def test_each_petition_counts_as_many_as_told(self, city):
        assert {petition.title: petition.count for petition, _told in petitions()} == {
            title: told["target_signatures"] for title, told in TOLD.items()
        }
        assert city.signatures == Signature.objects.counting().count() >= 12_000

    def test_there_is_nothing_to_repair_and_nothing_left_to_count(self):
        assert counting.recount() == 0
        assert counting.count_moved() == 0

    def test_they_spread_over_months_and_quarters(self):
        months = {(moment.year, moment.month) for moment in Signature.objects.values_list("signed_at", flat=True)}
        assert len(months) >= 12
        by_quarter = Tally(Signature.objects.values_list("quarter__slug", flat=True))
        assert set(by_quarter) == {quarter["slug"] for quarter in load("quarters")["quarters"]} | {None}

    def test_neighbours_sign_more_than_others(self):
        # Frange verte has 2 % of the residents, and this petition is about it.
        signatures = Signature.objects.filter(petition__quarter__slug="frange-verte", counts=True)
        assert signatures.filter(quarter__slug="frange-verte").count() > 0.05 * signatures.count()

    def test_some_were_taken_back_and_some_show_their_name(self):
        withdrawn = Signature.objects.filter(withdrawn_at__isnull=False)
        assert withdrawn.count() > 100
        assert not withdrawn.filter(Q(shows_name=True) | Q(counted=True)).exists()
        assert Signature.objects.filter(shows_name=True).values("name").distinct().count() > 1_000

    def test_signers_of_long_ago_are_forgotten(self):
        archived = Signature.objects.filter(petition__archived_at__isnull=False)
        assert archived.exists()
        assert not archived.filter(anonymised_at=None).exists()
        assert archived.exclude(anonymised_at=None).filter(name="", mailbox_key=None).count() == archived.count()

    def test_a_threshold_is_reached_where_the_count_says_so(self, now):
        published = Petition.objects.filter(published_at__isnull=False)
        assert Threshold.objects.count() == 3 * published.count()
        enough = Q(count__lte=F("petition__counter__confirmed"))
        assert not Threshold.objects.filter(enough, reached_at=None).exists()
        assert not Threshold.objects.filter(~enough, reached_at__isnull=False).exists()
        out_of_time = Q(reached_at__lt=F("petition__opens_at")) | Q(reached_at__gt=now)
        assert not Threshold.objects.filter(out_of_time).exists()


class TestDebates:
    def test_every_comment_of_the_content_is_there_word_for_word(self, city):
        told = [one for debate in load("comments")["debates"] for top in debate["comments"] for one in flat(top)]
        assert city.comments == Comment.objects.count() > len(told) >= 250
        assert set(Comment.objects.exclude(deleted_at=None).values_list("text", flat=True)) == {""}
        texts = {one["text"] for one in told if one.get("state") != "deleted"}
        assert set(Comment.objects.filter(deleted_at=None).values_list("text", flat=True)) > texts

    def test_they_were_written_while_the_petition_was_open_and_replies_after_what_they_answer(self, now):
        early = Q(posted_at__lt=F("thread__petition__opens_at")) | Q(posted_at__lt=F("parent__posted_at"))
        late = Q(posted_at__gt=now) | Q(posted_at__gt=F("thread__petition__closes_at"))
        assert not Comment.objects.filter(early | late).exists()
        assert not Support.objects.filter(Q(given_at__gt=now) | Q(given_at__lt=F("comment__posted_at"))).exists()

    def test_there_is_nothing_to_repair_and_nothing_left_to_count(self):
        assert supports.count_moved() == 0
        assert supports.recount() == 0
        for thread in Thread.objects.filter(count__gt=0):
            assert thread.count == thread.comments.shown().count()
        for comment in Comment.objects.filter(replies__gt=0):
            assert comment.replies == comment.answers.shown().count()

    def test_nobody_supports_what_they_wrote(self):
        assert not Support.objects.filter(user=F("comment__author")).exists()
        assert Support.objects.count() > 1_000

    def test_the_city_and_an_elected_member_answer_as_such(self):
        assert set(Comment.objects.values_list("office", flat=True)) == {"", "city", "elected"}

    def test_what_waits_is_in_the_queue_and_what_is_hidden_has_its_decision(self):
        held = Comment.objects.filter(published_at=None)
        waiting = Case.objects.open().filter(subject__kind="comment").values_list("subject", flat=True)
        assert set(waiting) >= set(held.filter(hidden_at=None).values_list("subject", flat=True))
        for comment in Comment.objects.exclude(hidden_at=None).exclude(subject__cases__apart_at__isnull=False):
            assert comment.subject.decisions().filter(undone_at=None).get().reason == comment.hidden_reason


def flat(told):
    return [told, *told.get("replies", ())]


class TestModeration:
    def test_what_waits_for_review_is_the_queue_oldest_first(self, now):
        queue = Case.objects.open().filter(subject__kind="petition").order_by("opened_at")
        waiting = Petition.objects.in_state(PetitionState.IN_REVIEW, at=now).order_by("submitted_at")
        assert [case.subject_id for case in queue] == [petition.subject_id for petition in waiting]
        assert (now - queue[0].opened_at).days >= 13

    def test_every_other_case_was_decided_once_by_a_moderator(self):
        standing = Count("decisions", filter=Q(decisions__undone_at=None))
        decided = Case.objects.exclude(decided_at=None).annotate(number=standing)
        assert {case.number for case in decided} == {1}
        assert not Decision.objects.exclude(by__rights__role="moderator").exists()

    def test_some_two_hundred_cases_are_of_every_kind(self, now):
        assert 180 <= Case.objects.count() <= 320
        waiting = Case.objects.waiting()
        assert waiting.count() >= 100
        assert set(waiting.values_list("trigger", flat=True)) >= {"new", "signal", "report", "appeal"}
        assert waiting.filter(escalated_to__isnull=False).exists()
        assert waiting.filter(notes__isnull=False).exists()
        assert Case.objects.apart().count() == 3
        assert Decision.objects.exclude(undone_at=None).exists()
        assert Sanction.objects.exists()
        assert {"upheld", "unfounded", ""} <= set(Report.objects.values_list("outcome", flat=True))
        assert not Case.objects.filter(opened_at__gt=now).exists()

    def test_every_restriction_has_a_statement_of_reasons(self):
        restrictions = Decision.objects.filter(is_restriction=True)
        assert restrictions.filter(case__subject__kind="petition").count() == 4
        assert not restrictions.filter(statement=None).exists()
        for petition, told in petitions():
            if told["state"] == "refused":
                assert petition.refusal_reason.code == told["reason"]
                assert petition.refusal_suggestion == told["suggestion"]


class TestMailbox:
    def test_it_begins_with_a_few_mails_of_the_past_that_the_worker_leaves_alone(self, now):
        mails = OutgoingMail.objects.all()
        assert 10 <= mails.count() <= 60
        assert not mails.waiting().exists()
        assert not mails.filter(created_at__gt=now).exists()
        assert not mails.exclude(to__endswith="@example.org").exists()

    def test_one_signature_waits_for_its_mail_to_be_opened(self, now):
        asked = SignatureRequest.objects.get()
        asked.check_valid(at=now)
        assert asked.link_url in OutgoingMail.objects.get(to=asked.email).text
