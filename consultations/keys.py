"""The scrutineers' keys: made, written on paper, recognised, and tested before the vote opens.

A private key never reaches the server before the count. What is tested is therefore asked as a riddle: a sample is
sealed exactly as a ballot's key is (`SealedBox`), and who holds the private key can say what is in it. A browser has no
BLAKE2b, by which the seal derives its nonce; but that nonce is made of two public keys and is no secret, so it is
sent along, and the browser opens the very same seal with `nacl.box.open`.
"""

import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass
from hashlib import blake2b

from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _
from nacl.exceptions import CryptoError
from nacl.public import Box as NaclBox
from nacl.public import PrivateKey, PublicKey, SealedBox

from civic.kernel.errors import DomainError, Unprocessable
from consultations import codes

# 64 hexadecimal signs in groups of four: no two of them look alike when a key is typed from paper.
PRIVATE = re.compile(r"(?<![0-9a-f])(?:[0-9a-f]{4}[ -]?){15}[0-9a-f]{4}(?![0-9a-f])")
PUBLIC_LENGTH = 44
ANSWER_LENGTH = 16
TEST_SECONDS = 30 * 60
SALT = "consultations.keys.test"


class NotAKey(Unprocessable):
    title = _("This is not a key")
    sentence = _(
        "A private key has 64 characters, digits and the letters a to f; a public key has 44 and ends with “=”. "
        "Check that it was copied whole."
    )


class TestFailed(DomainError):
    __test__ = False
    title = _("The key did not open the sample")
    sentence = _(
        "The answer is not what was sealed for your public key: the key that was used is another one. Take the file "
        "that you kept for this consultation, or make a new key as long as the vote has not been published."
    )


class TestTooOld(DomainError):
    __test__ = False
    title = _("This test is over")
    sentence = _("The sample was made more than half an hour ago. Open the page again for a new one.")


@dataclass(frozen=True)
class KeyPair:
    """Both as text: the public key in Base64, the private one as it is printed."""

    public: str
    private: str


@dataclass(frozen=True)
class Sample:
    """A sealed sample (Base64), the public nonce of its seal, and the token that remembers what is in it."""

    sealed: str
    nonce: str
    token: str


def make_pair() -> KeyPair:
    """A new pair, from the system's randomness."""
    private = PrivateKey.generate()
    return KeyPair(b64encode(bytes(private.public_key)).decode(), written(bytes(private)))


def written(private: bytes) -> str:
    """A private key as it is kept on paper: sixteen groups of four signs."""
    text = private.hex()
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def private_key(text: str) -> bytes:
    """The private key in what was typed, pasted or read from a key file. Raises NotAKey."""
    if (found := PRIVATE.search(text.lower())) is None:
        raise NotAKey
    return bytes.fromhex(re.sub(r"[ -]", "", found[0]))


def public_half(private: bytes) -> str:
    """The public key that belongs to a private one, in its 44 characters."""
    return b64encode(bytes(PrivateKey(private).public_key)).decode()


def public_key(text: str) -> bytes:
    """A public key out of its 44 characters. Raises NotAKey, also for points that no private key has."""
    try:
        raw = b64decode("".join(text.split()), validate=True)
        SealedBox(PublicKey(raw)).encrypt(b"")
    except (NotBase64, ValueError, TypeError, CryptoError) as error:
        raise NotAKey from error
    return raw


def sample_for(public: str) -> Sample:
    """A riddle that only the holder of the private key can answer; nothing of it is stored."""
    key = public_key(public)
    answer = codes.random_code(ANSWER_LENGTH)
    sealed = SealedBox(PublicKey(key)).encrypt(answer.encode())
    nonce = blake2b(sealed[: PublicKey.SIZE] + key, digest_size=NaclBox.NONCE_SIZE).digest()
    token = signing.dumps([public, _mark(public, answer)], salt=SALT)
    return Sample(b64encode(sealed).decode(), b64encode(nonce).decode(), token)


def answer_to(sealed: str, private: str) -> str:
    """What is in a sample, for who holds the key. Raises NotAKey or TestFailed."""
    key = PrivateKey(private_key(private))
    try:
        return SealedBox(key).decrypt(b64decode("".join(sealed.split()))).decode()
    except (NotBase64, ValueError, CryptoError) as error:
        raise TestFailed from error


def check_answer(public: str, token: str, answer: str) -> None:
    """Whether the sample was opened with the key that belongs to `public`. Raises TestFailed or TestTooOld."""
    try:
        of, mark = signing.loads(token, salt=SALT, max_age=TEST_SECONDS)
    except signing.SignatureExpired as error:
        raise TestTooOld from error
    except (signing.BadSignature, ValueError) as error:
        raise TestFailed from error
    if of != public or not constant_time_compare(mark, _mark(public, codes.plain(answer))):
        raise TestFailed


def _mark(public: str, answer: str) -> str:
    return salted_hmac(SALT, f"{public}:{answer}").hexdigest()
