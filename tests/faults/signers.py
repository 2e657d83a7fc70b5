"""People who sign over HTTP and write down, on disk, each signature that the server acknowledged."""

import http.client
import os
import threading
import time
from email.message import Message
from pathlib import Path

HANDS = 8  # people who sign at the same moment
# Fewer than the petitions that one account may sign in an hour.
PETITIONS = 50


class Signer(threading.Thread):
    """Accounts that sign one petition after another, one at a time, until all is signed or a stop is asked.

    Every third signature is withdrawn at once. What gets no answer, or a 503, is tried again, as
    a person would: it may have been recorded or not.
    """

    def __init__(self, port: int, accounts: list[dict], petitions: list[int], journal: Path):
        super().__init__(daemon=True)
        self.port, self.accounts, self.petitions, self.journal = port, accounts, petitions, journal
        self.account = accounts[0]
        self.stopping = threading.Event()
        self.acknowledged = 0
        self.surprise = ""
        self.connection: http.client.HTTPConnection | None = None
        self.last_headers: Message = Message()

    def run(self):
        try:
            with self.journal.open("a") as self.notes:
                for account in self.accounts:
                    self.account = account
                    if not all(self.act(petition) for petition in self.petitions):
                        return
        except Exception as error:
            self.surprise = repr(error)

    def act(self, petition: int) -> bool:
        # People read before they sign; the faults have time to come.
        time.sleep(0.02)
        return self.sign(petition) and (petition % 3 > 0 or self.withdraw(petition))

    def sign(self, petition: int) -> bool:
        # 409: the answer before got lost, the signature did not.
        return self.insist(petition, "signature/", "consent=on", expected={302, 409}, fact="signed")

    def withdraw(self, petition: int) -> bool:
        return self.insist(petition, "signature/mienne/retrait/", "", expected={302}, fact="withdrawn")

    def insist(self, petition: int, path: str, form: str, *, expected: set[int], fact: str) -> bool:
        while not self.stopping.is_set():
            status = self.post(f"/petitions/{petition}/{path}", form)
            if status in expected:
                print(petition, self.account["pk"], fact, file=self.notes, flush=True)
                os.fsync(self.notes.fileno())
                self.acknowledged += 1
                return True
            if status not in {0, 503}:
                raise AssertionError(f"{path} answered {status}")
            time.sleep(0.1)
        return False

    def post(self, path: str, form: str) -> int:
        """The status of the answer; 0 where none came."""
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            # Any token serves that the cookie repeats.
            "Cookie": f"session={self.account['session']}; csrf={'c' * 32}",
            "Origin": f"http://127.0.0.1:{self.port}",
        }
        try:
            if self.connection is None:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
            self.connection.request("POST", path, f"csrfmiddlewaretoken={'c' * 32}&{form}", headers)
            answer = self.connection.getresponse()
            answer.read()
            self.last_headers = answer.headers
            return answer.status
        except (OSError, http.client.HTTPException):
            if self.connection:
                self.connection.close()
            self.connection = None
            return 0


class Crowd:
    """Many signers at once; `with Crowd(…) as crowd:` stops them at the end."""

    def __init__(self, product, *, accounts=96):
        staged = product.stage("crowd", accounts, PETITIONS)
        self.petitions = staged["petitions"]
        journals = [product.folder / f"{self.petitions[0]}-{hand}" for hand in range(HANDS)]
        self.signers = [
            Signer(product.port, staged["signers"][hand::HANDS], self.petitions, journal)
            for hand, journal in enumerate(journals)
        ]

    def __enter__(self):
        for signer in self.signers:
            signer.start()
        return self

    def __exit__(self, *error):
        for signer in self.signers:
            signer.stopping.set()
        for signer in self.signers:
            signer.join(60)

    @property
    def acknowledged(self) -> int:
        assert not (surprises := [signer.surprise for signer in self.signers if signer.surprise]), surprises
        return sum(signer.acknowledged for signer in self.signers)

    def journal(self) -> tuple[set[tuple[int, int]], set[tuple[int, int]]]:
        """Pairs of petition and person whose signature, and whose withdrawal, were acknowledged."""
        facts: dict[str, set[tuple[int, int]]] = {"signed": set(), "withdrawn": set()}
        for signer in self.signers:
            for line in signer.journal.read_text().splitlines():
                petition, person, fact = line.split()
                facts[fact].add((int(petition), int(person)))
        return facts["signed"], facts["withdrawn"]
