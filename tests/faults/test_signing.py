"""Nothing that was acknowledged is lost, and nothing is doubled, whatever is killed while people sign.

Short versions of the faults of trust.md: bounded in number and time, on loopback only.
"""

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from tests.faults.signers import Crowd, Signer
from tests.product import wait_until

pytestmark = pytest.mark.xdist_group("faults")

UNDER_WAY = 40  # acknowledgements between two faults

ROWS = "SELECT petition_id, user_id FROM petitions_signature WHERE petition_id = ANY(%s) AND {}"
COUNTS_DIFFER = """
SELECT petition_id FROM petitions_counter
WHERE confirmed <> (SELECT count(*) FROM petitions_signature AS s WHERE s.petition_id = petitions_counter.petition_id AND counts)
"""  # noqa: E501


def go_on(crowd):
    """Wait until people sign again, well after now."""
    before = crowd.acknowledged
    wait_until(lambda: crowd.acknowledged >= before + UNDER_WAY, "people sign again")


def check(product, crowd):
    signed, withdrawn = crowd.journal()
    assert len(signed) > 2 * UNDER_WAY
    rows = product.query(ROWS.format("TRUE"), crowd.petitions)
    assert len(rows) == len(set(rows)), "a signature was doubled"
    assert not signed - set(rows), "a signature that was acknowledged is lost"
    standing = set(product.query(ROWS.format("counts"), crowd.petitions))
    assert not withdrawn & standing, "a withdrawal that was acknowledged is lost"
    # What stands beyond the journal are the last acts, whose answers nobody waited for.
    assert len(standing - (signed - withdrawn)) <= len(crowd.signers)
    wait_until(lambda: product.query(COUNTS_DIFFER) == [], "the counts equal the rows")


def test_the_server_is_killed_while_people_sign(product):
    with Crowd(product) as crowd:
        for _ in range(3):
            go_on(crowd)
            product.kill_server()
            product.start_server()
        go_on(crowd)
    check(product, crowd)


def test_the_worker_is_killed_while_it_counts(product):
    with Crowd(product) as crowd:
        for _ in range(3):
            go_on(crowd)
            product.kill_worker()
            product.start_worker()
        go_on(crowd)
    check(product, crowd)


def test_postgresql_is_killed_while_people_sign(product, postgres):
    with Crowd(product) as crowd:
        for _ in range(2):
            go_on(crowd)
            kill(postgres)
            postgres.start()
        go_on(crowd)
    check(product, crowd)


def kill(postgres):
    with suppress(ProcessLookupError):
        os.kill(postgres.pid(), signal.SIGKILL)
    if postgres.process:
        postgres.process.wait()


def test_without_a_database_signing_says_so_and_heals_by_itself(product, postgres):
    staged = product.stage("crowd", 1, 1)
    petition = staged["petitions"][0]
    signer = Signer(product.port, staged["signers"], [petition], product.folder / "alone")
    address = f"/petitions/{petition}/signature/"
    postgres.stop()
    try:
        wait_until(lambda: signer.post(address, "consent=on") == 503, "the server says that it can't")
        assert int(signer.last_headers["Retry-After"]) > 0
        assert "no-store" in signer.last_headers["Cache-Control"]
        assert not product.server.poll()
    finally:
        postgres.start()
    wait_until(lambda: signer.post(address, "consent=on") in {302, 409}, "the server heals")
    assert len(product.query(ROWS.format("counts"), [petition])) == 1


def test_fifty_parallel_forms_of_one_person_are_one_signature(product):
    staged = product.stage("crowd", 1, 1)
    petition = staged["petitions"][0]
    hands = [Signer(product.port, staged["signers"], [petition], product.folder / "parallel") for _ in range(50)]
    with ThreadPoolExecutor(len(hands)) as pool:
        statuses = list(pool.map(lambda hand: hand.post(f"/petitions/{petition}/signature/", "consent=on"), hands))
    assert statuses.count(302) == 1, statuses
    assert set(statuses) == {302, 409}
    assert len(product.query(ROWS.format("TRUE"), [petition])) == 1
