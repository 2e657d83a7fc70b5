"""Who is there, who votes for whom, and the quorum."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from civic.kernel.errors import NotAllowed
from livestream.models import Councillor, Presence, Sitting, attendance
from livestream.models.attendance import NotInOffice, ProxyRefused, arrive, end_proxy, give_proxy, leave, represented_at
from livestream.models.passage import NotNow

NOW = timezone.now()
MINUTE = timedelta(minutes=1)


def test_more_than_half_of_those_in_office_make_a_quorum(convened, council, colette):
    names = ["Agathe", "Basile", "Cosima", "Doriane"]
    for name in names[:3]:
        arrive(convened, council[name], colette, at=NOW)
    counted = convened.quorum(at=NOW)
    assert (counted.in_office, counted.present, counted.needed, counted.is_reached) == (7, 3, 4, False)
    arrive(convened, council[names[3]], colette, at=NOW)
    assert convened.quorum(at=NOW).is_reached


def test_half_of_an_even_council_is_not_enough(convened, council, colette):
    Councillor.objects.filter(pk=council["Gaspard"].pk).update(until_day=date(2021, 1, 1))
    for name in ("Agathe", "Basile", "Cosima"):
        arrive(convened, council[name], colette, at=NOW)
    assert (convened.quorum(at=NOW).needed, convened.quorum(at=NOW).is_reached) == (4, False)


def test_a_proxy_makes_no_quorum(convened, council, colette):
    for name in ("Agathe", "Basile", "Cosima"):
        arrive(convened, council[name], colette, at=NOW)
    give_proxy(convened, council["Doriane"], council["Agathe"], colette, at=NOW)
    assert not convened.quorum(at=NOW).is_reached


def test_a_second_call_needs_none(convened):
    Sitting.objects.filter(pk=convened.pk).update(is_second_call=True)
    convened.refresh_from_db()
    assert convened.quorum(at=NOW).is_reached


def test_presence_is_counted_at_its_moment(convened, council, colette):
    arrive(convened, council["Agathe"], colette, at=NOW)
    arrive(convened, council["Agathe"], colette, at=NOW + MINUTE)
    leave(convened, council["Agathe"], colette, at=NOW + 2 * MINUTE)
    leave(convened, council["Basile"], colette, at=NOW + 2 * MINUTE)
    assert Presence.objects.count() == 1
    counts = [convened.quorum(at=NOW + minutes * MINUTE).present for minutes in (-1, 0, 1, 2)]
    assert counts == [0, 1, 1, 0]


def test_a_member_holds_one_proxy_and_gives_one(convened, council, colette):
    a, b, c, d = (council[name] for name in ("Agathe", "Basile", "Cosima", "Doriane"))
    give_proxy(convened, a, b, colette, at=NOW)
    for giver, holder in ((a, c), (c, b), (d, d)):
        with pytest.raises(ProxyRefused):
            give_proxy(convened, giver, holder, colette, at=NOW)
    end_proxy(convened, a, colette, at=NOW)
    give_proxy(convened, c, b, colette, at=NOW)


def test_who_is_there_gives_no_proxy_and_arriving_ends_one(convened, council, colette):
    a, b = council["Agathe"], council["Basile"]
    arrive(convened, b, colette, at=NOW)
    with pytest.raises(ProxyRefused):
        give_proxy(convened, b, a, colette, at=NOW)
    give_proxy(convened, a, b, colette, at=NOW)
    assert represented_at(convened, NOW) == {a.pk: b.pk}
    arrive(convened, a, colette, at=NOW + MINUTE)
    assert represented_at(convened, NOW + MINUTE) == {}
    assert not convened.proxies.filter(ended_at=None).exists()


def test_a_proxy_to_somebody_who_is_away_votes_for_nobody(convened, council, colette):
    give_proxy(convened, council["Agathe"], council["Basile"], colette, at=NOW)
    assert represented_at(convened, NOW) == {}


def test_who_is_no_member_that_day_is_not_there(convened, council, colette):
    former = council["Fleur"]
    Councillor.objects.filter(pk=former.pk).update(until_day=convened.day)
    former.refresh_from_db()
    with pytest.raises(NotInOffice):
        arrive(convened, former, colette, at=NOW)
    with pytest.raises(NotInOffice):
        give_proxy(convened, former, council["Agathe"], colette, at=NOW)


def test_presence_is_noted_by_clerks_from_the_convocation_until_the_end(draft, council, colette, amina):
    member = council["Agathe"]
    with pytest.raises(NotNow):
        arrive(draft, member, colette, at=NOW)
    draft.convene(colette, at=timezone.now())
    with pytest.raises(NotAllowed):
        arrive(draft, member, amina, at=NOW)
    arrive(draft, member, colette, at=NOW)
    draft.open(colette, at=timezone.now())
    draft.adjourn(colette, at=timezone.now())
    assert not draft.presences.filter(left_at=None).exists()
    with pytest.raises(NotNow):
        attendance.leave(draft, member, colette, at=NOW)
