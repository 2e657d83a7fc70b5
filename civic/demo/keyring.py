"""The demo's scrutineers' private keys: derived from their names, so that nothing keeps them and anyone can try the
count. Outside of the demo a scrutineer makes the key alone, and no one else ever sees it."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from nacl.public import PrivateKey

from civic.demo.cast import CAST
from consultations.keys import KeyPair, written
from consultations.models import Consultation


@dataclass(frozen=True)
class Keys:
    """The private keys that open one ballot box, with the names of those who keep them."""

    consultation: Consultation
    held: Sequence[tuple[str, str]]


def key_pair(member: str, consultation: int) -> KeyPair:
    """The key of one of the cast for one consultation; the same each time."""
    private = PrivateKey(sha256(f"demo:{member}:{consultation}".encode()).digest())
    return KeyPair(b64encode(bytes(private.public_key)).decode(), written(bytes(private)))


def keys_by_consultation() -> list[Keys]:
    """For each secret vote of the demo, who keeps which key."""
    members = {member.email: member for member in CAST}
    found = Consultation.objects.public().filter(scrutineers__isnull=False).distinct().order_by("-published_at")
    boxes = []
    for consultation in found.prefetch_related("scrutineers__user", "phases"):
        held = [
            (scrutineer.user.name, key_pair(members[scrutineer.user.email].key, consultation.pk).private)
            for scrutineer in consultation.scrutineers.all()
            if scrutineer.user and scrutineer.user.email in members
        ]
        boxes.append(Keys(consultation, held))
    return boxes
