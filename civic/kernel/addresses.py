"""Network addresses of visitors."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The visitor's address, as the last trusted proxy saw it; "" where there is none.

    `X-Forwarded-For` is believed for exactly TRUSTED_PROXY_COUNT hops counted from the right,
    so that what a visitor writes into it changes nothing.
    """
    hops = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    count = settings.TRUSTED_PROXY_COUNT
    address = hops[-count] if 0 < count <= len(hops) else request.META.get("REMOTE_ADDR", "")
    return address or ""


def network(address: str) -> str:
    """The network that one household or library shares: the IPv4 address itself, the /64 of an IPv6 one."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if ip.version == 4:
        return str(ip)
    # A server that listens on both sees IPv4 as ::ffff:192.0.2.1: all of it would be one /64.
    return str(ip.ipv4_mapped or ipaddress.ip_network(f"{ip}/64", strict=False))
