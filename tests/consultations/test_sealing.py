from itertools import combinations, permutations
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as some
from nacl.public import PrivateKey

from consultations.sealing import Box, SameKeyTwice, TooFewKeys, TooLong, Unopenable, WrongKey

KEYS = [PrivateKey.generate() for _ in range(5)]
STRANGER = PrivateKey.generate()


def box_of(number, needed, room=200):
    return Box(tuple(bytes(key.public_key) for key in KEYS[:number]), needed, room)


def private(*places):
    return [bytes(KEYS[place]) for place in places]


numbers = some.integers(1, 5).flatmap(lambda n: some.tuples(some.just(n), some.integers(1, n)))


@given(numbers, some.binary(max_size=200))
def test_every_subset_of_enough_keys_opens_what_was_sealed(shape, content):
    number, needed = shape
    box = box_of(number, needed)
    envelope = box.seal(content)
    for subset in combinations(range(number), needed):
        assert box.opener(private(*subset)).open(envelope) == content


def test_keys_may_come_in_any_order_and_in_any_number_above():
    box = box_of(4, 2)
    envelope = box.seal(b"yes")
    for order in permutations(range(4), 3):
        assert box.opener(private(*order)).open(envelope) == b"yes"


@given(some.binary(max_size=200), some.binary(max_size=200))
def test_every_envelope_has_the_size_that_was_announced(one, other):
    box = box_of(3, 2)
    assert len(box.seal(one)) == len(box.seal(other)) == box.size


def test_the_same_content_is_never_sealed_alike():
    box = box_of(3, 2)
    envelopes = [box.seal(b"yes") for _ in range(20)]
    # No block of a seal, a nonce or a body is ever seen twice.
    blocks = [envelope[start : start + 16] for envelope in envelopes for start in range(0, box.size - 16, 16)]
    assert len(set(blocks)) == len(blocks)


def test_the_order_of_scrutineers_does_not_matter():
    box = box_of(3, 2)
    turned = Box(tuple(reversed(box.public_keys)), 2, 200)
    assert turned.opener(private(2, 0)).open(box.seal(b"yes")) == b"yes"


@given(numbers.filter(lambda shape: shape[1] > 1))
def test_fewer_keys_than_needed_are_refused(shape):
    number, needed = shape
    with pytest.raises(TooFewKeys):
        box_of(number, needed).opener(private(*range(needed - 1)))


@pytest.mark.parametrize(
    ("keys", "fact"),
    [
        ([bytes(KEYS[0]), bytes(STRANGER)], WrongKey),
        ([bytes(KEYS[0]), bytes(KEYS[0])], SameKeyTwice),
        ([], TooFewKeys),
    ],
)
def test_a_wrong_or_repeated_key_is_a_fact(keys, fact):
    with pytest.raises(fact):
        box_of(3, 2).opener(keys)


def test_one_key_alone_does_not_unlock_the_inner_seal():
    """Not only refused by us: the first seal of each subset holds a second one."""
    from nacl.exceptions import CryptoError
    from nacl.public import SealedBox
    from nacl.secret import SecretBox

    box = box_of(3, 2)
    envelope = box.seal(b"yes")
    size, body = box._lock_size, comb(3, 2) * box._lock_size
    for key in KEYS[:3]:
        for subset in range(3):
            lock = envelope[subset * size : (subset + 1) * size]
            try:
                inner = SealedBox(key).decrypt(lock)
            except CryptoError:
                continue
            assert len(inner) == SecretBox.KEY_SIZE + 48
            for guess in (inner[:32], inner[-32:], inner[16:48]):
                with pytest.raises(CryptoError):
                    SecretBox(guess).decrypt(envelope[body:])


@given(some.integers(0), some.integers(1, 255))
def test_a_damaged_envelope_is_told_apart(place, change):
    box = box_of(3, 2, room=20)
    envelope = bytearray(box.seal(b"yes"))
    opener = box.opener(private(0, 1))
    # Where this subset reads: its own lock and the body.
    read = [*range(opener._start, opener._end), *range(opener._body, box.size)]
    envelope[read[place % len(read)]] ^= change
    with pytest.raises(Unopenable):
        opener.open(bytes(envelope))


@given(some.binary(max_size=900))
def test_anything_else_in_the_box_is_told_apart(content):
    box = box_of(3, 2, room=20)
    with pytest.raises(Unopenable):
        box.opener(private(0, 1)).open(content)
    with pytest.raises(Unopenable):
        box.opener(private(0, 1)).open(content[: box.size].ljust(box.size, b"x"))


def test_an_envelope_for_other_scrutineers_is_told_apart():
    others = Box(tuple(bytes(PrivateKey.generate().public_key) for _ in range(3)), 2, 200)
    with pytest.raises(Unopenable):
        box_of(3, 2).opener(private(0, 1)).open(others.seal(b"yes"))


def test_content_that_would_be_told_by_its_size_is_refused():
    assert box_of(3, 2, room=4).seal(b"four")
    with pytest.raises(TooLong):
        box_of(3, 2, room=4).seal(b"fives")


@pytest.mark.parametrize(("number", "needed"), [(3, 0), (3, 4)])
def test_a_box_needs_between_one_and_all_of_its_scrutineers(number, needed):
    with pytest.raises(ValueError, match="keys"):
        box_of(number, needed)


def test_a_box_needs_different_keys():
    with pytest.raises(ValueError, match="keys"):
        Box((bytes(KEYS[0].public_key),) * 2, 2, 10)
