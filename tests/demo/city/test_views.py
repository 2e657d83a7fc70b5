"""Being somebody by one click, and reading the mails that were sent."""

import html

import pytest
from django.test import Client
from django.utils import timezone

from civic.accounts.models import User
from civic.demo.cast import CAST
from civic.moderation.models import Case
from civic.notifications import outbox
from civic.notifications.models import OutgoingMail
from petitions.models import SignatureRequest

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls("tests.demo.urls"),
    pytest.mark.usefixtures("city"),
    pytest.mark.xdist_group("demo"),
]


@pytest.fixture
def client(settings):
    settings.DEMO = True
    return Client()


def be(client, key, **fields):
    return client.post("/demo/entree/", {"who": key} | fields)


class TestEntrance:
    def test_each_of_the_cast_has_a_button(self, client):
        page = client.get("/demo/").content.decode()
        for member in CAST:
            assert f'value="{member.key}"' in page
            assert member.name in page

    def test_the_page_is_kept_by_no_cache(self, client):
        assert "no-store" in client.get("/demo/")["Cache-Control"]

    @pytest.mark.parametrize("member", CAST, ids=lambda member: member.key)
    def test_one_click_leads_to_a_page_that_opens(self, client, member):
        landed = client.post("/demo/entree/", {"who": member.key}, follow=True)
        assert landed.status_code == 200
        assert landed.wsgi_request.user.email == member.email
        assert member.name in landed.content.decode()

    @pytest.mark.parametrize("key", ["mireille", "malik"])
    def test_moderators_land_at_their_desk_with_the_second_factor_passed(self, client, key):
        desk = client.post("/demo/entree/", {"who": key}, follow=True)
        assert desk.request["PATH_INFO"] == "/moderation/"
        assert not desk.wsgi_request.user.factor_pending
        first = Case.objects.waiting().order_by("due_at", "pk").first()
        assert first.card().title in html.unescape(desk.content.decode())

    def test_becoming_somebody_else_leaves_nothing_of_the_first(self, client):
        be(client, "mireille")
        client.session["left"] = "behind"
        be(client, "bruno")
        assert "left" not in client.session
        assert client.get("/moderation/").status_code == 403

    def test_one_comes_back_to_the_page_one_came_from_on_this_site_only(self, client):
        assert be(client, "bruno", next="/petitions/miennes/").url == "/petitions/miennes/"
        assert be(client, "bruno", next="https://elsewhere.example/").url == "/petitions/"

    def test_nobody_else_can_be_signed_in(self, client):
        for who in ("", "yanis", "yanis.ferrand@example.org"):
            assert be(client, who).status_code == 404
        assert "_auth_user_id" not in client.session

    def test_a_click_needs_the_pages_token(self, settings):
        settings.DEMO = True
        assert be(Client(enforce_csrf_checks=True), "amina").status_code == 403

    def test_looking_signs_nobody_in(self, client):
        assert client.get("/demo/entree/").status_code == 405

    def test_one_signs_out_from_the_same_page(self, client):
        be(client, "amina")
        assert "/compte/logout/" in client.get("/demo/").content.decode()
        assert client.post("/compte/logout/", {"next": "/demo/"}).url == "/demo/"
        assert "_auth_user_id" not in client.session

    def test_the_session_is_listed_in_the_account(self, client):
        be(client, "amina")
        assert User.objects.get(email="amina@example.org").usersession_set.count() == 1


class TestMailbox:
    def test_mails_are_listed_latest_first_to_the_last(self, client):
        seen, address = [], "/demo/courrier/"
        while address:
            page = client.get(address)
            seen += [mail.pk for mail in page.context["page"].items]
            address = page.context["next_url"] and f"/demo/courrier/{page.context['next_url']}"
        latest_first = OutgoingMail.objects.order_by("-created_at", "-pk")
        assert seen == list(latest_first.values_list("pk", flat=True))
        assert len(seen) > 20

    def test_the_list_costs_few_queries(self, client, django_assert_max_num_queries):
        with django_assert_max_num_queries(6):
            client.get("/demo/courrier/")

    def test_the_link_of_a_mail_can_be_followed(self, client):
        asked = SignatureRequest.objects.get()
        mail = OutgoingMail.objects.get(to=asked.email)
        page = client.get(f"/demo/courrier/{mail.pk}/").content.decode()
        assert f'<a href="{asked.link_url}">' in page
        assert client.get(asked.link_url).status_code == 200

    def test_what_a_mail_says_is_text_and_nothing_else(self, client):
        outbox.write("k", "a@example.org", "Objet", "<script>alert(1)</script>", "<b>x</b>", headers={}, language="fr")
        mail = OutgoingMail.objects.get(key="k")
        page = client.get(f"/demo/courrier/{mail.pk}/").content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page

    def test_a_mail_that_never_left_is_not_shown(self, client):
        outbox.write("k", "a@example.org", "Objet", "Texte", "", headers={}, language="fr")
        mail = OutgoingMail.objects.get(key="k")
        assert client.get(f"/demo/courrier/{mail.pk}/").status_code == 200
        OutgoingMail.objects.filter(pk=mail.pk).update(cancelled_at=timezone.now())
        assert client.get(f"/demo/courrier/{mail.pk}/").status_code == 404
