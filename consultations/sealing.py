"""Sealed envelopes: what is put in can be read again by any k of n scrutineers together, and by nobody else.

The content is padded to one size and locked (XSalsa20-Poly1305) with a key of its own. That key is sealed once for
each subset of k scrutineers, nested: the seal of the first is around that of the second, and so on (libsodium's
`crypto_box_seal`, by PyNaCl). Whoever seals can't open again: the ephemeral keys are forgotten at once.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from math import comb

from django.utils.translation import gettext_lazy as _
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.secret import SecretBox
from nacl.utils import random

from civic.kernel.errors import DomainError

# What one `crypto_box_seal` adds: an ephemeral public key and an authenticator.
SEAL_BYTES = PublicKey.SIZE + SecretBox.MACBYTES
LENGTH_BYTES = 4


class WrongKey(DomainError):
    title = _("This key is not one of them")
    sentence = _(
        "This key belongs to none of this consultation’s scrutineers. Check that it is the file that you made "
        "for this consultation. Nothing was opened."
    )


class SameKeyTwice(DomainError):
    title = _("The same key was given twice")
    sentence = _("The same key stands in two places. Each scrutineer brings their own. Nothing was opened.")


class TooFewKeys(DomainError):
    title = _("Keys are missing")
    sentence = _("More scrutineers must bring their keys before the box can be opened. Nothing was opened.")


class TooLong(DomainError):
    """The content is longer than the envelopes' room: it could be told from others by its size."""

    status = 422
    title = _("This ballot is too long")
    sentence = _("This ballot does not fit into its envelope. Nothing was recorded.")


class Unopenable(Exception):
    """Not an envelope of ours: forged, damaged, or sealed for others."""


@dataclass(frozen=True)
class Box:
    """For whom envelopes are sealed: the public keys of n scrutineers, how many open them, the room in bytes."""

    public_keys: tuple[bytes, ...]
    needed: int
    room: int

    def __post_init__(self):
        if not 1 <= self.needed <= len(self.public_keys) or len(set(self.public_keys)) < len(self.public_keys):
            raise ValueError("k different keys at least, and k at least 1")

    @property
    def size(self) -> int:
        """Bytes of every envelope, whatever it holds."""
        locks = comb(len(self.public_keys), self.needed) * self._lock_size
        return locks + SecretBox.NONCE_SIZE + SecretBox.MACBYTES + LENGTH_BYTES + self.room

    def seal(self, content: bytes) -> bytes:
        """A new envelope around it; never the same twice. Raises TooLong."""
        if len(content) > self.room:
            raise TooLong
        key = random(SecretBox.KEY_SIZE)
        body = len(content).to_bytes(LENGTH_BYTES, "big") + content.ljust(self.room, b"\0")
        return b"".join(_nested(key, seals) for seals in self._seals) + SecretBox(key).encrypt(body)

    def opener(self, private_keys: Iterable[bytes]) -> "Opener":
        """What opens envelopes with these keys. Raises WrongKey, SameKeyTwice or TooFewKeys."""
        places: dict[int, PrivateKey] = {}
        for private in map(PrivateKey, private_keys):
            public = bytes(private.public_key)
            if public not in self._sorted_keys:
                raise WrongKey
            place = self._sorted_keys.index(public)
            if place in places:
                raise SameKeyTwice
            places[place] = private
        if len(places) < self.needed:
            raise TooFewKeys
        present = sorted(places)[: self.needed]
        return Opener(self, self._subsets.index(tuple(present)), [SealedBox(places[place]) for place in present])

    @property
    def _lock_size(self) -> int:
        return SecretBox.KEY_SIZE + self.needed * SEAL_BYTES

    @cached_property
    def _sorted_keys(self) -> list[bytes]:
        # In the order of the keys themselves: who stands where in a list must not matter to what was sealed.
        return sorted(self.public_keys)

    @cached_property
    def _subsets(self) -> list[tuple[int, ...]]:
        return list(combinations(range(len(self.public_keys)), self.needed))

    @cached_property
    def _seals(self) -> list[list[SealedBox]]:
        seals = [SealedBox(PublicKey(key)) for key in self._sorted_keys]
        return [[seals[place] for place in subset] for subset in self._subsets]


class Opener:
    """Opens envelopes with the keys of one subset; lives in memory, as long as a count takes."""

    def __init__(self, box: Box, subset: int, seals: Sequence[SealedBox]):
        self._box, self._seals = box, seals
        self._start = subset * box._lock_size
        self._end = self._start + box._lock_size
        self._body = comb(len(box.public_keys), box.needed) * box._lock_size

    def open(self, envelope: bytes) -> bytes:
        """What was put in. Raises Unopenable."""
        if len(envelope) != self._box.size:
            raise Unopenable
        try:
            key = envelope[self._start : self._end]
            for seal in self._seals:
                key = seal.decrypt(key)
            body = SecretBox(key).decrypt(envelope[self._body :])
        except (CryptoError, ValueError, TypeError) as error:
            raise Unopenable from error
        length = int.from_bytes(body[:LENGTH_BYTES], "big")
        content, padding = body[LENGTH_BYTES:][:length], body[LENGTH_BYTES + length :]
        if length > self._box.room or any(padding):
            raise Unopenable
        return content


def _nested(key: bytes, seals: Sequence[SealedBox]) -> bytes:
    for seal in reversed(seals):
        key = seal.encrypt(key)
    return key
