"""A mail server of a few lines that keeps what it is given."""

import socketserver
import threading
import time
from email import message_from_bytes
from email.message import Message

PATIENCE = 60  # seconds


class Conversation(socketserver.StreamRequestHandler):
    def handle(self):
        self.say("220 sink")
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"QUIT":
                self.say("221 bye")
                return
            if verb == b"RCPT" and self.server.refusal:
                self.say(self.server.refusal)
            elif verb == b"DATA":
                self.say("354 go on")
                self.keep(b"".join(iter(self.rfile.readline, b".\r\n")))
            else:
                self.say("250 ok")

    def keep(self, content):
        self.server.is_given.set()
        self.server.may_answer.wait(PATIENCE)
        time.sleep(self.server.pause)
        self.server.mails.append(message_from_bytes(content))
        self.say("250 kept")

    def say(self, answer):
        self.wfile.write(f"{answer}\r\n".encode())


class SmtpSink(socketserver.ThreadingTCPServer):
    """Listens on a port of its own choice; `refusal` is its answer to every recipient, `pause` its slowness."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port=0, pause=0.0):
        super().__init__(("127.0.0.1", port), Conversation)
        self.mails: list[Message] = []
        self.refusal = ""
        self.pause = pause
        # Set once a mail was given; its sender is answered where `may_answer` is set, as it is at first.
        self.is_given, self.may_answer = threading.Event(), threading.Event()
        self.may_answer.set()

    @property
    def port(self) -> int:
        return self.server_address[1]

    def __enter__(self):
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *error):
        self.shutdown()
        self.server_close()
