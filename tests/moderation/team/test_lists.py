"""The lists that the team keeps, over HTTP."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from civic.accounts.models import Right
from civic.audit.models import Entry
from civic.moderation.models import Reason, SavedReply, Term
from civic.moderation.models.kept import AlreadyKept
from civic.moderation.team.forms import pattern_of
from civic.territory.models import Space

pytestmark = pytest.mark.django_db
PAGES = [reverse(f"moderation:{name}") for name in ("reasons", "terms", "replies", "term-trial", "duty", "delays")]


@pytest.fixture
def desk(mireille, sign_in):
    return sign_in(mireille)


def journal():
    return [
        (entry.action, entry.details) for entry in Entry.objects.filter(target_kind__in=["term", "reason", "reply"])
    ]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_to_moderators_of_the_city_and_administrators_alone(page, make_person, sign_in):
    here = make_person("Nadia Perrin", "administrator")
    elsewhere = make_person("Léo Blanc")
    Right.objects.create(user=elsewhere, role="moderator", space=Space.objects.create(kind="quarter"))
    assert sign_in(here).get(page).status_code == 200
    assert sign_in(elsewhere).get(page).status_code == 403
    assert sign_in(make_person("Ida Roux", "clerk")).get(page).status_code == 403


def test_a_page_asks_few_questions_however_long_its_list(desk, django_assert_max_num_queries):
    Term.objects.bulk_create(Term(pattern=f"mot{n:03}") for n in range(200))
    Space.objects.bulk_create(Space(kind="quarter", name=f"Quartier {n}") for n in range(80))
    SavedReply.objects.bulk_create(
        SavedReply(label=f"Réponse {n}", text="Texte", reason=Reason.objects.first()) for n in range(40)
    )
    for page in PAGES:
        with django_assert_max_num_queries(12):
            assert desk.get(page).status_code == 200


def test_a_long_list_goes_by_pages_and_is_searched(desk):
    Term.objects.all().delete()
    Term.objects.bulk_create(Term(pattern=f"mot{n:03}") for n in range(130))
    first = desk.get("/moderation/reglages/mots/")
    assert [len(first.context["entries"]), bool(first.context["next_url"])] == [100, True]
    second = desk.get("/moderation/reglages/mots/" + first.context["next_url"])
    assert [term.pattern for term in second.context["entries"]][:1] == ["mot100"] and not second.context["next_url"]
    found = desk.get("/moderation/reglages/mots/?cherche=T12").context["entries"]
    assert [term.pattern for term in found] == [f"mot{n}" for n in range(120, 130)]
    assert "Rien dans la liste" in desk.get("/moderation/reglages/mots/?cherche=zzz").content.decode()


# --- Delays ---


def test_a_space_has_a_delay_of_its_own_and_what_waits_there_follows(desk, make_case, mireille):
    here, at = Space.objects.create(kind="session", name="Conseil"), timezone.now()
    waiting, elsewhere = make_case(space=here, at=at), make_case(at=at)
    heavy = make_case(space=here, at=at, weight=1)
    assert waiting.due_at == elsewhere.due_at == at + timedelta(days=15)
    page = f"/moderation/reglages/delais/{here.pk}/"
    assert desk.post(page, {"hours": "0"}).status_code == 422
    assert desk.post(page, {"hours": "4"}).status_code == 302
    assert "en 4 heures" in desk.get("/moderation/reglages/delais/").content.decode()
    for case, due in ((waiting, 4), (heavy, 2), (make_case(space=here, at=at), 4), (elsewhere, 360)):
        case.refresh_from_db()
        assert case.due_at == at + timedelta(hours=due)
    desk.post(page, {"hours": ""})
    waiting.refresh_from_db()
    assert waiting.due_at == elsewhere.due_at
    assert list(Entry.objects.filter(action="desk.target_set").values_list("details__hours", "actor")) == [
        (4, mireille.journal_id),
        (None, mireille.journal_id),
    ]


# --- Terms ----------------------------------------------------------------------------------


def test_a_term_is_added_and_the_journal_holds_codes_and_not_the_word(desk, mireille):
    form = {"kind": "word", "pattern": "  Vilain  mot* ", "effect": "rank", "note": ""}
    assert desk.post("/moderation/reglages/mots/nouveau/", form).status_code == 302
    term = Term.objects.get(pattern="vilain mot*")
    assert (term.effect, term.is_active) == ("rank", True)
    assert journal() == [("term.added", {"kind": "word", "effect": "rank", "in_use": True})]
    assert Entry.objects.get(action="term.added").actor == mireille.journal_id


def test_a_term_is_switched_off_and_keeps_its_word(desk):
    term = Term.objects.get(pattern="bit.ly")
    response = desk.post(
        reverse("moderation:term", args=[term.pk]), {"effect": "hold", "note": "", "pattern": "autre", "kind": "word"}
    )
    assert response.status_code == 302
    term.refresh_from_db()
    assert (term.pattern, term.kind, term.is_active) == ("bit.ly", "link", False)
    assert journal() == [("term.changed", {"kind": "link", "effect": "hold", "in_use": False})]


@pytest.mark.parametrize(
    ("kind", "written", "kept"),
    [
        ("word", "CONNARD*", "connard*"),
        ("word", "sale race", "sale race"),
        ("link", "https://www.Exemple.fr/page?x", "exemple.fr"),
        ("link", "exemple.fr/page", "exemple.fr"),
        ("link", "café.fr", "café.fr"),
        ("link", "xn--caf-dma.fr", "café.fr"),
    ],
)
def test_a_term_is_kept_as_it_is_looked_for(kind, written, kept):
    assert pattern_of(kind, written) == kept


@pytest.mark.parametrize(
    ("kind", "written"), [("word", "a"), ("word", "aaa*"), ("word", "*"), ("word", "a*b"), ("link", "exemple")]
)
def test_a_term_that_would_find_nothing_or_everything_is_refused(desk, kind, written):
    response = desk.post(
        "/moderation/reglages/mots/nouveau/", {"kind": kind, "pattern": written, "effect": "hold", "note": "Gardée"}
    )
    assert response.status_code == 422
    assert response.context["form"].errors["pattern"]
    assert "Gardée" in response.content.decode()


def test_the_same_term_twice_is_told_beside_its_field(desk):
    form = {"kind": "link", "pattern": "BIT.LY", "effect": "hold", "note": ""}
    response = desk.post("/moderation/reglages/mots/nouveau/", form)
    assert response.status_code == 422
    assert response.context["form"].errors["pattern"]


def test_two_who_add_the_same_at_once_make_one(mireille):
    Term(kind="word", pattern="double").keep(mireille)
    with pytest.raises(AlreadyKept):
        Term(kind="word", pattern="double").keep(mireille)
    assert Term.objects.filter(pattern="double").count() == 1
    assert len(journal()) == 1


def test_a_text_is_tried_and_kept_nowhere(desk):
    response = desk.post("/moderation/reglages/mots/essai/", {"text": "Quel c.o.n <b>là</b>, bit.ly/x"})
    content = response.content.decode()
    assert "<mark>c.o.n</mark>" in content
    assert "&lt;b&gt;" in content
    assert "<mark>bit.ly</mark>" in content
    assert [match.term.pattern for match in response.context["matches"]] == ["con", "bit.ly"]


def test_a_text_without_terms_is_said_to_be_free_of_them(desk):
    assert "Rien trouvé" in desk.post("/moderation/reglages/mots/essai/", {"text": "Un concombre"}).content.decode()
    assert desk.post("/moderation/reglages/mots/essai/", {"text": ""}).status_code == 422


# --- Reasons --------------------------------------------------------------------------------


def test_a_reason_is_added_changed_and_retired(desk):
    form = {"label": "Spam", "article": "Article 6", "wording": "Le texte se répète.", "code": "spam", "rank": 9}
    assert desk.post("/moderation/reglages/motifs/nouveau/", form).status_code == 302
    reason = Reason.objects.get(code="spam")
    assert reason.is_active and not reason.withholds_text
    page = reverse("moderation:reason", args=[reason.pk])
    desk.post(page, form | {"code": "autre", "withholds_text": "on", "wording": "Le texte est répété."})
    reason.refresh_from_db()
    assert (reason.code, reason.wording, reason.withholds_text, reason.is_active) == (
        "spam", "Le texte est répété.", True, False
    )  # fmt: skip
    assert journal() == [
        ("reason.added", {"code": "spam", "withholds_text": False, "is_for_reports": False, "in_use": True}),
        ("reason.changed", {"code": "spam", "withholds_text": True, "is_for_reports": False, "in_use": False}),
    ]


def test_a_code_is_a_code(desk):
    form = {"label": "Spam", "article": "6", "wording": "Texte", "code": "pas un code", "rank": 9}
    assert desk.post("/moderation/reglages/motifs/nouveau/", form).status_code == 422


# --- Saved replies ----------------------------------------------------------------------------


def test_a_reply_is_saved_and_changed(desk):
    assert "Aucune réponse" in desk.get("/moderation/reglages/reponses/").content.decode()
    form = {"label": "Ton", "text": "Reformulez sans viser personne.", "rank": 0, "reason": ""}
    assert desk.post("/moderation/reglages/reponses/nouvelle/", form).status_code == 302
    reply = SavedReply.objects.get()
    page = reverse("moderation:reply", args=[reply.pk])
    desk.post(page, form | {"text": "Reformulez.", "is_active": "on"})
    assert SavedReply.objects.get().text == "Reformulez."
    assert [action for action, _codes in journal()] == ["reply.added", "reply.changed"]
