"""Signing over HTTP: with an account, by mail, by people in a hurry and people who mean harm."""

import html
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from civic.notifications.models import OutgoingMail
from petitions import counting
from petitions.models import Petition, Signature, SignatureRequest
from petitions.models.request import WrongCode
from petitions.views import visits
from tests.petitions.conftest import published, signer
from tests.petitions.views.conftest import Mailbox

AGREED = {"consent": "on"}


def names() -> list[str]:
    return sorted(Signature.objects.counting().values_list("name", flat=True))


# --- With an account --------------------------------------------------------------------


def test_one_button_and_the_consent(bruno, sign_in, address):
    reader = sign_in(bruno)
    assert bruno.name in reader.get(address("sign")).content.decode()
    answer = reader.post(address("sign"), AGREED)
    assert answer.url == address("thanks")
    assert bruno.name in reader.get(answer.url).content.decode()
    signature = Signature.objects.get()
    assert (signature.user, signature.name, signature.shows_name, signature.wants_news) == (
        bruno,
        bruno.name,
        False,
        False,
    )
    assert not OutgoingMail.objects.filter(to=bruno.email)


def test_without_consent_nothing_is_signed(bruno, sign_in, address):
    answer = sign_in(bruno).post(address("sign"), {"shows_name": "on"})
    assert answer.status_code == 422
    assert answer.context["form"].has_error("consent", "required")
    assert answer.context["form"]["shows_name"].value()
    assert not Signature.objects.exists()


def test_signing_twice_with_an_account_is_told(bruno, sign_in, address):
    reader = sign_in(bruno)
    reader.post(address("sign"), AGREED)
    assert reader.post(address("sign"), AGREED).status_code == 409
    assert Signature.objects.count() == 1


def test_a_petition_that_can_t_be_is_not_found(bruno, sign_in):
    assert sign_in(bruno).post(f"/petitions/{10**22}/signature/", AGREED).status_code == 404


def test_who_has_signed_finds_the_signature_instead_of_the_form(bruno, sign_in, address):
    reader = sign_in(bruno)
    reader.post(address("sign"), AGREED)
    page = reader.get(address("sign"))
    assert page.context["signature"].user == bruno
    assert address("withdraw") in page.content.decode()


def test_signing_with_an_account_costs_two_statements(bruno, sign_in, address, django_assert_num_queries):
    """The session with its account, and the INSERT."""
    reader = sign_in(bruno)
    reader.get("/petitions/")
    with django_assert_num_queries(2):
        reader.post(address("sign"), AGREED)


def test_an_account_whose_address_changed_is_still_one_person(bruno, sign_in, address):
    reader = sign_in(bruno)
    reader.post(address("sign"), AGREED)
    bruno.email = "bruno.ferrero@example.net"
    bruno.save()
    assert reader.post(address("sign"), AGREED).status_code == 409
    assert reader.get(address("sign")).context["signature"].user == bruno
    assert reader.post(address("withdraw")).status_code == 302
    assert names() == []
    assert reader.post(address("sign"), AGREED).status_code == 302
    assert Signature.objects.count() == 1


def test_an_account_whose_name_changed_is_still_one_person(bruno, sign_in, address):
    reader = sign_in(bruno)
    reader.post(address("sign"), AGREED)
    bruno.name = "Bruno Martin"
    bruno.save()
    assert reader.post(address("sign"), AGREED).status_code == 409
    assert names() == ["Bruno Ferrero"]


def test_what_was_signed_by_mail_is_found_with_the_account(bruno, sign_in, opened, address):
    opened.sign(signer("Bruno FERRÉRO", bruno.email), at=timezone.now())
    reader = sign_in(bruno)
    assert reader.get(address("sign")).context["signature"].name == "Bruno FERRÉRO"
    assert reader.post(address("sign"), AGREED).status_code == 409
    assert reader.post(address("withdraw")).status_code == 302
    assert names() == []


def test_signed_by_mail_and_with_an_account_counts_once_whatever_was_withdrawn(bruno, sign_in, opened, address):
    """By the account, then by mail from the new address, the first one withdrawn: not a second time."""
    reader = sign_in(bruno)
    reader.post(address("sign"), AGREED)
    reader.post(address("withdraw"))
    bruno.email = "bruno.ferrero@example.net"
    bruno.save()
    opened.sign(signer(bruno.name, bruno.email), at=timezone.now())
    assert reader.post(address("sign"), AGREED).status_code == 409
    assert names() == ["Bruno Ferrero"]


def test_a_couple_that_shares_a_mailbox_signs_once_each(bruno, sign_in, opened, address):
    reader = sign_in(bruno)
    opened.sign(signer("Odile Ferrero", bruno.email), at=timezone.now())
    assert reader.get(address("sign")).status_code == 200
    assert reader.post(address("sign"), AGREED).status_code == 302
    assert names() == ["Bruno Ferrero", "Odile Ferrero"]
    reader.post(address("withdraw"))
    assert names() == ["Odile Ferrero"]


def test_a_shared_mailbox_needs_the_same_postal_code(bruno, sign_in, opened, address):
    bruno.postal_code = ""
    bruno.save()
    opened.sign(signer("Odile Ferrero", bruno.email, postal_code=""), at=timezone.now())
    assert sign_in(bruno).post(address("sign"), AGREED).status_code == 409
    assert names() == ["Odile Ferrero"]


# --- By mail: asking ------------------------------------------------------------------------


def test_asking_writes_a_mail_and_signs_nothing(client, address, typed, mailbox):
    answer = client.post(address("sign"), typed)
    assert answer.url == address("code")
    assert typed["email"] in client.get(answer.url).content.decode()
    assert len(mailbox.mails) == 1
    assert not Signature.objects.exists()


def test_the_code_signs(client, address, typed, mailbox):
    client.post(address("sign"), typed)
    spaced = f" {mailbox.code[:3]} {mailbox.code[3:]}"
    answer = client.post(address("code"), {"code": spaced})
    assert answer.url == address("thanks")
    assert typed["name"] in client.get(answer.url).content.decode()
    assert names() == [typed["name"]]
    assert client.get(address("code")).url == address("sign")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""), ("name", "X"), ("name", "Rendez-vous sur https://exemple.fr"), ("name", "www.exemple"),
        ("name", "bruno@example.org"), ("name", "=CMD()"), ("name", "+33 6"), ("name", "-1"), ("name", "@nom"),
        ("name", "12345"), ("name", "🌻🌻"), ("name", "\u200b\u200b\u200b"), ("name", "A" * 81),
        ("name", "\u0958" * 80),
        ("name", "<b>Gras</b>"),
        ("email", ""), ("email", "odile"), ("email", "odile@"), ("email", f"{'o' * 250}@example.org"),
        ("postal_code", ""), ("postal_code", "3813"), ("postal_code", "38 130"), ("postal_code", "٣٨١٣٠"),
        ("quarter", "99999"), ("quarter", "x"),
        ("is_old_enough", ""), ("consent", ""),
    ],
)  # fmt: skip
def test_a_mistake_is_told_and_what_was_typed_stays(client, address, typed, field, value):
    typed = typed | {"name": "Odile Garnier", field: value}
    answer = client.post(address("sign"), {name: text for name, text in typed.items() if text})
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {field}
    for name in ("name", "email", "postal_code"):
        assert answer.context["form"][name].value() in {typed[name], None}
    assert not SignatureRequest.objects.exists()
    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize(
    "name",
    [
        "Nguyễn Thị Ánh",
        "محمد علي",
        "Jean-Éric d’Ornano",
        "Zoé 🌻 Martin",
        "O'Neil",
        "李 雷",
        pytest.param("\ufdfa" * 78, id="one letter that unfolds into eighteen"),
        "Commandeur Net",
    ],
)
def test_names_of_all_kinds_sign(client, address, typed, mailbox, name):
    client.post(address("sign"), typed | {"name": name})
    assert client.post(address("code"), {"code": mailbox.code}).status_code == 302
    assert names() == [name]


@pytest.mark.parametrize(
    "email", [f"a@{'é' * 60}.fr", "a@exämple.fr", "+@example.org", "ODILE@EXAMPLE.ORG", '"a b"@example.org']
)
def test_unusual_addresses_break_nothing(client, address, typed, email):
    assert client.post(address("sign"), typed | {"email": email}).status_code in {302, 422}


def test_the_same_page_whether_the_address_is_known_or_not(opened, address, typed):
    opened.sign(signer(typed["name"], typed["email"]), at=timezone.now())
    answers = []
    for email in (typed["email"], "inconnue@example.org"):
        visitor = Client()
        asked = visitor.post(address("sign"), typed | {"email": email})
        page = visitor.get(asked.url)
        wrong = visitor.post(asked.url, {"code": "000000"})
        text = page.content.decode().replace(email, "…")
        answers.append((asked.status_code, asked.url, page.status_code, _without_token(text), wrong.status_code))
    assert answers[0] == answers[1]


def _without_token(page: str) -> str:
    return "".join(line for line in page.splitlines() if "csrfmiddlewaretoken" not in line)


def test_a_duplicate_is_told_by_mail_only(client, opened, address, typed, mailbox):
    known = opened.sign(
        signer(typed["name"], typed["email"], nonce="7b4d3f0e-8c25-4a8e-9d0b-2f1c5a6e7d80"), at=timezone.now()
    )
    client.post(address("sign"), typed)
    assert mailbox.link == Signature.objects.get(pk=known).link_url
    assert names() == [typed["name"]]


def test_the_same_form_sent_twice_writes_one_mail_whose_link_works(client, address, typed, mailbox):
    for _ in range(3):
        assert client.post(address("sign"), typed).url == address("code")
    assert len(mailbox.mails) == 1
    client.post(f"{mailbox.link}confirmer/")
    assert names() == [typed["name"]]


def test_a_later_form_that_says_otherwise_takes_its_place(client, address, typed, mailbox):
    client.post(address("sign"), typed)
    first = mailbox.link
    client.post(address("sign"), typed | {"shows_name": "on"})
    assert len(mailbox.mails) == 1
    assert client.post(f"{first}confirmer/").status_code == 410
    client.post(f"{mailbox.link}confirmer/")
    assert Signature.objects.get().shows_name


# --- The code -------------------------------------------------------------------------------


def test_five_wrong_codes_and_the_right_one_no_longer_works(client, address, typed, mailbox):
    client.post(address("sign"), typed)
    for _ in range(5):
        answer = client.post(address("code"), {"code": mailbox.wrong_code})
        assert answer.status_code == 422
        # In its place, with what was typed and the ways out beside it.
        assert f'value="{mailbox.wrong_code}"' in answer.content.decode()
        assert str(WrongCode.sentence) in html.unescape(answer.content.decode())
        assert address("write-again") in answer.content.decode()
    answer = client.post(address("code"), {"code": mailbox.code})
    assert answer.status_code == 422
    # Beside the field, with what was typed.
    assert answer.context["form"].errors["code"]
    assert mailbox.code in answer.content.decode()
    assert not Signature.objects.exists()
    # The link still does, and so does the code of a new mail.
    client.post(address("write-again"))
    assert client.post(address("code"), {"code": mailbox.code}).status_code == 302


@pytest.mark.parametrize("code", ["", "abc", "٠١٢٣٤٥", "²²²²²²", "\x00", "1" * 50])
def test_what_is_no_code_is_refused(client, address, typed, code):
    client.post(address("sign"), typed)
    assert client.post(address("code"), {"code": code}).status_code == 422


def test_a_code_is_worth_nothing_in_another_browser(client, address, typed, mailbox):
    client.post(address("sign"), typed)
    assert Client().post(address("code"), {"code": mailbox.code}).url == address("sign")
    assert not Signature.objects.exists()


# --- The address was wrong (must hold 5) -------------------------------------------------------


@pytest.mark.parametrize("times_again", [0, 2])
@pytest.mark.parametrize("has_left", [False, True])
def test_correcting_the_address_writes_to_the_new_one_only(client, address, typed, mailbox, times_again, has_left):
    client.post(address("sign"), typed | {"email": "odlie@example.org"})
    for _ in range(times_again):
        client.post(address("write-again"))
    wrong = Mailbox("odlie@example.org")
    if has_left:
        OutgoingMail.objects.waiting().update(sent_at=timezone.now())
    client.post(address("change-address"), {"email": typed["email"]})
    assert wrong.mails == []
    assert len(mailbox.mails) == 1
    assert not OutgoingMail.objects.waiting().exclude(to=typed["email"]).exists()
    client.post(address("code"), {"code": mailbox.code})
    assert Signature.objects.get().email == typed["email"]


def test_the_wrong_address_s_link_is_dead_once_it_is_corrected(client, address, typed, mailbox):
    client.post(address("sign"), typed | {"email": "odlie@example.org"})
    link = Mailbox("odlie@example.org").link
    client.post(address("change-address"), {"email": typed["email"]})
    assert client.get(link).status_code == 410
    assert client.post(f"{link}confirmer/").status_code == 410
    assert not Signature.objects.exists()


def test_a_corrected_address_that_is_none_is_told(client, address, typed, mailbox):
    client.post(address("sign"), typed)
    answer = client.post(address("change-address"), {"email": "odile"})
    assert answer.status_code == 422
    assert 'value="odile"' in answer.content.decode()
    assert len(mailbox.mails) == 1


def test_five_mails_at_most_and_then_a_sentence(client, address, typed):
    client.post(address("sign"), typed)
    answers = [client.post(address("write-again")) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [302] * 4 + [429]
    assert OutgoingMail.objects.count() == 5


@pytest.mark.parametrize("days", [1, 29])
def test_five_mails_at_most_on_other_days_too(client, address, typed, mailbox, days):
    client.post(address("sign"), typed)
    for _ in range(4):
        client.post(address("write-again"))
    SignatureRequest.objects.update(requested_at=timezone.now() - timedelta(days=days))
    assert client.post(address("write-again")).status_code == 429
    assert Client().post(address("sign"), typed | {"shows_name": "on"}).status_code == 429
    assert OutgoingMail.objects.count() == 5


def test_five_mails_at_most_to_whatever_addresses(client, address, typed):
    client.post(address("sign"), typed)
    others = ["odile@example.org", "odile@example.net", "odile@example.org", "odile@example.com", "odile@example.fr"]
    answers = [client.post(address("change-address"), {"email": other}) for other in others]
    assert [answer.status_code for answer in answers] == [302] * 4 + [429]
    assert OutgoingMail.objects.count() == 5


def test_who_asks_for_my_mailbox_five_times_leaves_me_a_mail_that_signs(client, address, typed, mailbox):
    stranger = Client()
    stranger.post(address("sign"), typed)
    for _ in range(5):
        stranger.post(address("write-again"))
    assert client.post(address("sign"), typed | {"shows_name": "on"}).status_code == 429
    assert len(mailbox.mails) == 1
    assert client.post(f"{mailbox.link}confirmer/").url == address("thanks")


def test_a_request_that_is_past_begins_anew(client, address, typed, mailbox):
    client.post(address("sign"), typed)
    for _ in range(4):
        client.post(address("write-again"))
    SignatureRequest.objects.update(requested_at=timezone.now() - timedelta(days=30))
    assert Client().post(address("sign"), typed | {"shows_name": "on"}).status_code == 302
    assert len(mailbox.mails) == 1


@pytest.mark.parametrize("act", ["change-address", "write-again"])
def test_who_asked_for_my_mailbox_before_me_has_no_hand_in_what_i_ask(client, address, typed, mailbox, act):
    stranger = Client()
    stranger.post(address("sign"), typed | {"postal_code": "38000"})
    client.post(address("sign"), typed)
    mine = mailbox.link
    stranger.post(address(act), {"email": "stranger@example.org"})
    assert mailbox.link == mine
    assert not Mailbox("stranger@example.org").mails
    assert stranger.get(address("code")).url == address("sign")
    assert client.post(address("code"), {"code": mailbox.code}).url == address("thanks")


def test_a_new_mail_after_wrong_codes_is_still_this_visitor_s(client, address, typed, mailbox):
    client.post(address("sign"), typed)
    for _ in range(5):
        client.post(address("code"), {"code": mailbox.wrong_code})
    client.post(address("write-again"))
    assert client.post(address("code"), {"code": mailbox.code}).url == address("thanks")


def test_asking_again_leaves_one_mail_in_the_box(client, address, typed, mailbox):
    """What has not left yet is not sent beside its second copy (must hold 6)."""
    client.post(address("sign"), typed)
    client.post(address("write-again"))
    assert len(mailbox.mails) == 1


# --- Where one lands (must hold 4) --------------------------------------------------------------


def test_a_stranger_at_the_landing_address_sees_the_petition(client, opened, address, typed, mailbox, bruno, sign_in):
    client.post(address("sign"), typed)
    landing = client.post(f"{mailbox.link}confirmer/").url
    assert "lien" not in landing
    assert typed["name"] in client.get(landing).content.decode()
    for stranger in (Client(), sign_in(bruno)):
        answer = stranger.get(landing, follow=True)
        assert answer.redirect_chain[-1][0] == opened.get_absolute_url()
        assert typed["name"] not in answer.content.decode()


def test_someone_signed_in_is_thanked_for_what_the_mail_signed(bruno, sign_in, address, typed, mailbox):
    Client().post(address("sign"), typed)
    reader = sign_in(bruno)
    landing = reader.post(f"{mailbox.link}confirmer/").url
    assert typed["name"] in reader.get(landing).content.decode()


def test_the_next_visitor_of_a_shared_machine_finds_nobody(client, address, typed, mailbox, monkeypatch):
    client.post(address("sign"), typed)
    now = visits.time.time()
    monkeypatch.setattr(visits.time, "time", lambda: now + visits.KEPT + 1)
    assert client.get(address("code")).url == address("sign")
    assert client.post(address("change-address"), {"email": "autre@example.org"}).url == address("sign")
    client.post(f"{mailbox.link}confirmer/")
    monkeypatch.setattr(visits.time, "time", lambda: now + 2 * visits.KEPT + 2)
    assert typed["name"] not in client.get(address("thanks"), follow=True).content.decode()


def test_a_session_that_signs_much_stays_small(client, amina, theme, typed):
    for number in range(visits.MOST + 5):
        petition = Petition.draft(amina, title=f"Numéro {number}")
        petition.edit(amina, at=timezone.now(), request="Ceci.", theme=theme)
        petition = published(petition, at=timezone.now())
        client.post(petition.signature_url, typed)
    assert len(client.session[visits.ASKED]) == visits.MOST
    assert Session.objects.count() == 1


# --- Outside the collection -----------------------------------------------------------------------


def test_before_the_opening_and_after_the_closing_nobody_signs(client, opened, address, typed, bruno, sign_in):
    for facts in (
        {"opens_at": timezone.now() + timedelta(days=1)},
        {"opens_at": timezone.now() - timedelta(days=9), "closes_at": timezone.now()},
        {"withdrawn_at": timezone.now()},
    ):
        Petition.objects.filter(pk=opened.pk).update(**facts)
        for visitor, form in ((client, typed), (sign_in(bruno), AGREED)):
            assert visitor.get(address("sign")).status_code == 409
            answer = visitor.post(address("sign"), form)
            assert answer.status_code == 409
            assert opened.get_absolute_url() in answer.content.decode()
    assert not Signature.objects.exists()
    assert not OutgoingMail.objects.exists()


def test_a_mail_confirms_for_a_day_after_the_closing(client, opened, address, typed, mailbox):
    client.post(address("sign"), typed)
    now = timezone.now()
    Petition.objects.filter(pk=opened.pk).update(opens_at=now - timedelta(days=9), closes_at=now - timedelta(hours=23))
    assert client.get(mailbox.link).status_code == 200
    assert client.post(f"{mailbox.link}confirmer/").status_code == 302
    assert names() == [typed["name"]]


def test_a_petition_hidden_while_one_signs_is_not_shown_by_the_mail_s_link(client, opened, address, typed, mailbox):
    client.post(address("sign"), typed)
    Petition.objects.filter(pk=opened.pk).update(hidden_at=timezone.now())
    answer = client.get(mailbox.link)
    assert answer.status_code == 409
    assert opened.title not in answer.content.decode()
    assert client.post(f"{mailbox.link}confirmer/").status_code == 409
    assert client.post(address("code"), {"code": mailbox.code}).status_code == 409
    assert client.post(address("sign"), typed).status_code == 404
    assert not Signature.objects.exists()


# --- Who comes too often, and who only looks so -----------------------------------------------------


def test_a_network_that_asks_too_often_is_slowed_down(client, address, typed, monkeypatch):
    for number in range(200):
        client.post(address("sign"), typed | {"email": f"p{number}@example.org"})
    answer = client.post(address("sign"), typed | {"email": "p200@example.org"})
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 3600
    # A header that anyone can write changes nothing; another network signs; so does an account.
    forged = {"X-Forwarded-For": "198.51.100.7"}
    assert client.post(address("sign"), typed, headers=forged).status_code == 429
    assert client.post(address("sign"), typed, REMOTE_ADDR="198.51.100.8").status_code == 302


def test_a_library_s_neighbours_still_sign(client, address, typed, bruno, sign_in):
    """Behind one address: dozens by mail and, whatever happens to them, everyone with an account."""
    for number in range(60):
        form = typed | {"email": f"p{number}@example.org"}
        assert Client().post(address("sign"), form).status_code == 302
    assert sign_in(bruno).post(address("sign"), AGREED).status_code == 302


def test_one_mailbox_is_not_flooded(client, address, typed):
    forms = [typed | {"name": f"Personne {chr(65 + number)}"} for number in range(40)]
    statuses = [
        Client().post(address("sign"), form, REMOTE_ADDR=f"198.51.100.{number}").status_code
        for number, form in enumerate(forms)
    ]
    assert statuses.count(302) == 30
    assert statuses[-1] == 429


def test_codes_are_not_guessed_from_one_network(client, address, typed):
    for number in range(20):
        visitor = Client()
        visitor.post(address("sign"), typed | {"email": f"p{number}@example.org"})
        for _ in range(5):
            visitor.post(address("code"), {"code": "000000"})
    client.post(address("sign"), typed)
    assert client.post(address("code"), {"code": "000000"}).status_code == 429


def test_a_form_without_its_token_signs_nothing(bruno, sign_in, address, typed):
    assert Client(enforce_csrf_checks=True).post(address("sign"), typed).status_code == 403
    assert sign_in(bruno, Client(enforce_csrf_checks=True)).post(address("sign"), AGREED).status_code == 403
    assert not OutgoingMail.objects.exists()
    assert not Signature.objects.exists()


def test_signing_pages_are_kept_by_no_cache(client, address, typed, mailbox):
    for answer in (
        client.get(address("sign")),
        client.post(address("sign"), typed),
        client.get(address("code")),
        client.get(mailbox.link),
        client.post(f"{mailbox.link}confirmer/"),
        client.get(address("thanks")),
    ):
        assert "no-store" in answer["Cache-Control"]


def test_the_count_follows_what_was_signed_and_taken_back(bruno, sign_in, opened, address, client):
    sign_in(bruno).post(address("sign"), AGREED)
    counting.count_moved()
    assert client.get(f"/petitions/{opened.pk}/count.json").json()["count"] == 1
    sign_in(bruno).post(address("withdraw"))
    counting.count_moved()
    assert client.get(f"/petitions/{opened.pk}/count.json").json()["count"] == 0
