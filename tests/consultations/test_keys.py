import json
import re
import subprocess
from base64 import b64decode, b64encode
from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command
from nacl.public import PrivateKey

from consultations import codes, keys
from tests.product import ROOT

PAIR = keys.make_pair()
# As in a browser: the vendored file puts `nacl` on the global object.
OPEN_IN_JAVASCRIPT = """
const nacl = require(process.argv[1]);
const { sealed, nonce, secret } = JSON.parse(process.argv[2]);
const bytes = (text) => new Uint8Array(Buffer.from(text, "base64"));
const whole = bytes(sealed);
const opened = nacl.box.open(whole.subarray(32), bytes(nonce), whole.subarray(0, 32), bytes(secret));
const pair = nacl.box.keyPair.fromSecretKey(bytes(secret));
console.log(JSON.stringify([Buffer.from(opened).toString(), Buffer.from(pair.publicKey).toString("base64")]));
"""


def test_a_pair_belongs_together_and_is_never_the_same():
    other = keys.make_pair()
    private = PrivateKey(keys.private_key(PAIR.private))
    assert bytes(private.public_key) == keys.public_key(PAIR.public)
    assert PAIR.public != other.public
    assert len(PAIR.public) == keys.PUBLIC_LENGTH


@pytest.mark.parametrize(
    "written",
    [
        PAIR.private,
        PAIR.private.replace(" ", ""),
        PAIR.private.upper().replace(" ", "-"),
        f"Clé publique : {PAIR.public}\n\nClé privée :\n  {PAIR.private}\n",
    ],
    # A pair is another each time, and workers name their tests alike.
    ids=len,
)
def test_a_private_key_is_read_as_people_bring_it(written):
    assert keys.written(keys.private_key(written)) == PAIR.private


@pytest.mark.parametrize("text", ["", "abcd", PAIR.private[:-1], PAIR.private + "0", PAIR.public], ids=len)
def test_what_is_no_private_key_is_said_so(text):
    with pytest.raises(keys.NotAKey):
        keys.private_key(text)


@pytest.mark.parametrize(
    "text",
    ["", PAIR.public[:-1], "é" * 44, b64encode(bytes(31)).decode(), b64encode(bytes(32)).decode(), PAIR.private],
    ids=len,
)
def test_what_is_no_public_key_is_said_so(text):
    with pytest.raises(keys.NotAKey):
        keys.public_key(text)


def test_who_holds_the_key_answers_the_test():
    sample = keys.sample_for(PAIR.public)
    answer = keys.answer_to(sample.sealed, PAIR.private)
    keys.check_answer(PAIR.public, sample.token, answer)
    keys.check_answer(PAIR.public, sample.token, codes.grouped(answer).lower())


def test_another_key_does_not_answer_it():
    other = keys.make_pair()
    sample = keys.sample_for(PAIR.public)
    with pytest.raises(keys.TestFailed):
        keys.answer_to(sample.sealed, other.private)
    for answer in ("", codes.random_code(keys.ANSWER_LENGTH)):
        with pytest.raises(keys.TestFailed):
            keys.check_answer(PAIR.public, sample.token, answer)


def test_an_answer_to_another_key_s_test_is_none():
    other = keys.make_pair()
    sample = keys.sample_for(other.public)
    answer = keys.answer_to(sample.sealed, other.private)
    with pytest.raises(keys.TestFailed):
        keys.check_answer(PAIR.public, sample.token, answer)


def test_the_token_tells_nothing_of_the_answer_and_can_not_be_made():
    sample = keys.sample_for(PAIR.public)
    answer = keys.answer_to(sample.sealed, PAIR.private)
    payload = sample.token.split(":")[0]
    assert answer not in sample.token
    assert answer.encode() not in b64decode(payload + "===", altchars=b"-_")
    with pytest.raises(keys.TestFailed):
        keys.check_answer(PAIR.public, sample.token[:-1] + "x", answer)


def test_a_test_is_over_after_half_an_hour():
    with time_machine.travel("2026-03-01 10:00Z", tick=False):
        sample = keys.sample_for(PAIR.public)
    answer = keys.answer_to(sample.sealed, PAIR.private)
    with time_machine.travel("2026-03-01 10:31Z", tick=False), pytest.raises(keys.TestTooOld):
        keys.check_answer(PAIR.public, sample.token, answer)


def test_the_vendored_javascript_opens_the_very_same_seal():
    sample = keys.sample_for(PAIR.public)
    secret = b64encode(keys.private_key(PAIR.private)).decode()
    given = json.dumps({"sealed": sample.sealed, "nonce": sample.nonce, "secret": secret})
    script = str(ROOT / "static/js/vendor/nacl.min.js")
    answer = subprocess.run(
        ["node", "-e", OPEN_IN_JAVASCRIPT, script, given], capture_output=True, text=True, check=True, timeout=60
    )
    opened, public = json.loads(answer.stdout)
    assert public == PAIR.public
    keys.check_answer(PAIR.public, sample.token, opened)


def test_vendored_files_are_those_that_were_published():
    from hashlib import sha256

    folder = Path(ROOT / "static/js/vendor")
    told = (folder / "README.md").read_text()
    for file in folder.glob("*.*js"):
        assert f"`{file.name}`" in told
        assert sha256(file.read_bytes()).hexdigest() in told


def test_the_command_makes_a_pair_and_opens_a_sample(monkeypatch):
    out = StringIO()
    call_command("make_scrutineer_key", stdout=out)
    public = re.search(r"\S{43}=", out.getvalue())[0]
    private = keys.written(keys.private_key(out.getvalue()))
    sample = keys.sample_for(public)

    monkeypatch.setattr("consultations.management.commands.make_scrutineer_key.getpass", lambda prompt: private)
    out = StringIO()
    call_command("make_scrutineer_key", open=sample.sealed, stdout=out)
    keys.check_answer(public, sample.token, out.getvalue().strip())

    with pytest.raises(CommandError):
        call_command("make_scrutineer_key", open=keys.sample_for(PAIR.public).sealed)


def test_codes_are_of_signs_that_are_not_mistaken_for_each_other():
    code = codes.receipt_code()
    assert len(code) == codes.RECEIPT_LENGTH
    assert not set("01IO") & set(codes.ALPHABET)
    assert len(codes.ALPHABET) == 32
    assert codes.plain(codes.grouped(code).lower() + " !") == code


def test_a_receipt_depends_on_the_server_even_if_the_browser_repeats_itself():
    assert len({codes.receipt_code(b"always the same") for _ in range(100)}) == 100
