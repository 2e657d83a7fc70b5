"""Whose request it is, as far as the network tells; what visitors write about it changes nothing."""

import pytest

from civic.kernel.addresses import client_address, network


def seen(rf, settings, *, proxies, forwarded="", remote="192.0.2.1"):
    settings.TRUSTED_PROXY_COUNT = proxies
    headers = {"x-forwarded-for": forwarded} if forwarded else {}
    return client_address(rf.get("/", headers=headers, REMOTE_ADDR=remote))


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "", "192.0.2.1"),
        (0, "203.0.113.9", "192.0.2.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.7, 203.0.113.9", "203.0.113.9"),
        (2, "198.51.100.7, 203.0.113.9", "198.51.100.7"),
        (2, "203.0.113.9", "192.0.2.1"),
        (1, " , ,", "192.0.2.1"),
    ],
)
def test_only_trusted_proxies_are_believed(rf, settings, proxies, forwarded, address):
    assert seen(rf, settings, proxies=proxies, forwarded=forwarded) == address


def test_a_request_through_a_unix_socket_has_no_address(rf, settings):
    assert seen(rf, settings, proxies=0, remote="") == ""


@pytest.mark.parametrize(
    ("address", "shared"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("unknown", "unknown"),
    ],
)
def test_a_household_is_one_network(address, shared):
    assert network(address) == shared
