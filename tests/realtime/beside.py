"""A database beside the tests' own, spoken to in SQL: its server is stopped, or a browser's loop keeps Django out."""

from types import SimpleNamespace

import psycopg

PUBLISH = """
    WITH head AS (UPDATE realtime_stream SET seq = seq + 1 WHERE id = %(stream)s RETURNING id, seq)
    INSERT INTO realtime_streamevent (stream_id, seq, kind, slot, html)
    SELECT id, seq, 'line', '', jsonb_build_object('fr', %(text)s::text, 'en', %(text)s::text) FROM head RETURNING seq
"""


class Beside:
    """The product's tables at `url`."""

    def __init__(self, url):
        self.url = url

    def execute(self, statement, parameters=()):
        with psycopg.connect(self.url) as session:
            cursor = session.execute(statement, parameters)
            return cursor.fetchone() if cursor.description else None

    def stream(self, kind="hall"):
        (pk,) = self.execute("INSERT INTO realtime_stream (kind, seq, floor) VALUES (%s, 0, 0) RETURNING id", [kind])
        return SimpleNamespace(pk=pk)

    def publish(self, stream, text, *, is_woken=True):
        (seq,) = self.execute(PUBLISH, {"stream": stream.pk, "text": str(text)})
        if is_woken:
            self.wake(f"event {stream.pk} {seq}")

    def wake(self, text):
        self.execute("SELECT pg_notify('civic_realtime', %s)", [text])
