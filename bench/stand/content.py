"""What a bench's database holds: one hot petition, signers with a session each, many petitions."""

from datetime import timedelta

import django

django.setup()

from allauth.usersessions.models import UserSession  # noqa: E402
from django.conf import settings  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from civic.accounts.models import User  # noqa: E402
from civic.territory.models import Theme  # noqa: E402
from petitions.models import Counter, Petition  # noqa: E402

PASSWORD = "argon2$bench"  # a stand-in for a hash: nobody signs in by password here
BACKEND = settings.AUTHENTICATION_BACKENDS[0]


def session_key(number: int) -> str:
    return f"bench{number:027d}"


@transaction.atomic
def open_petition(title: str = "Une petition tres signee") -> Petition:
    author, _created = User.objects.get_or_create(email="author@bench.example", defaults={"name": "Amina"})
    theme, _created = Theme.objects.get_or_create(slug="bench", defaults={"name": "Bench"})
    petition = Petition.draft(author, title=title)
    petition.edit(author, at=timezone.now(), request="Une demande.", theme=theme, details="Un texte. " * 60)
    Petition.objects.filter(pk=petition.pk).update(submitted_at=timezone.now())
    petition.refresh_from_db()
    petition.publish(at=timezone.now() - timedelta(days=1))
    return petition


def many_petitions(number: int) -> None:
    """Copies of one open petition, in SQL, each with what it owns."""
    first = open_petition("Une petition parmi beaucoup")
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(COPIES, {"number": number, "petition": first.pk})


def signatures(petition: Petition, number: int) -> None:
    """Rows as signing and counting leave them."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")  # a million rows take longer than a page may
        cursor.execute(SIGNATURES, {"number": number, "petition": petition.pk})
    Counter.objects.filter(petition=petition).update(confirmed=number)


def settle() -> None:
    """What autovacuum does within minutes of such a change."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("VACUUM ANALYZE")


def signers(number: int) -> None:
    """Accounts 1..number past the first, each with a session."""
    people = User.objects.bulk_create(
        (
            User(email=f"p{n}@bench.example", name=f"Personne {n}", password=PASSWORD, postal_code="38130")
            for n in range(1, number + 1)
        ),
        batch_size=2000,
    )
    check = people[0].get_session_auth_hash()
    store, expires = SessionStore(), timezone.now() + timedelta(days=1)
    rows = []
    for number_, user in enumerate(people, start=1):
        content = {"_auth_user_id": str(user.pk), "_auth_user_backend": BACKEND, "_auth_user_hash": check}
        rows.append(SessionStore.get_model_class()(session_key(number_), store.encode(content), expires))
    SessionStore.get_model_class().objects.bulk_create(rows, batch_size=2000)
    # As allauth notes it at each sign-in.
    UserSession.objects.bulk_create(
        (
            UserSession(user=user, ip="127.0.0.1", session_key=session_key(n), user_agent="bench", data={})
            for n, user in enumerate(people, start=1)
        ),
        batch_size=2000,
    )


SIGNATURES = """
INSERT INTO petitions_signature (petition_id, mailbox_key, place, email, name, folded_name, postal_code, shows_name,
                                 wants_news, consent_version, channel, signed_at, counted)
SELECT %(petition)s, md5(n::text) || md5((-n)::text), 1, 'b' || n || '@bench.example', 'Personne ' || n,
       'personne ' || n, '38130', n %% 4 = 0, FALSE, 'bench', 'online', now() - n * interval '1 second', TRUE
FROM generate_series(1, %(number)s) AS n
"""

COPIES = """
WITH original AS (SELECT * FROM petitions_petition WHERE id = %(petition)s),
streams AS (
    INSERT INTO realtime_stream (kind, seq, floor) SELECT 'petition', 0, 0 FROM generate_series(1, %(number)s)
    RETURNING id
), subjects AS (
    INSERT INTO moderation_subject (kind) SELECT 'petition' FROM generate_series(1, %(number)s) RETURNING id
), threads AS (
    INSERT INTO comments_thread (kind, stream_id, mode, asks_position, count)
    SELECT 'petition', id, 'after_with_holds', TRUE, 0 FROM streams RETURNING id, stream_id
), pairs AS (
    SELECT s.stream_id AS stream, s.id AS thread, b.id AS subject, s.n FROM
        (SELECT id, stream_id, row_number() OVER () AS n FROM threads) AS s JOIN
        (SELECT id, row_number() OVER () AS n FROM subjects) AS b USING (n)
), copies AS (
    INSERT INTO petitions_petition (author_id, title, request, details, theme_id, folded, revision, submitted_at,
        published_at, opens_at, closes_at, refusal_suggestion, stream_id, subject_id, thread_id)
    SELECT author_id, title || ' ' || n, request, details, theme_id, folded || ' ' || n, 1, submitted_at,
        published_at, opens_at - n * interval '1 minute', closes_at + n * interval '1 minute', '', stream, subject,
        thread
    FROM original, pairs RETURNING id
), thresholds AS (
    INSERT INTO petitions_threshold (petition_id, kind, count)
    SELECT copies.id, kind, count FROM copies, petitions_thresholdrule
)
INSERT INTO petitions_counter (petition_id, confirmed) SELECT id, id %% 2000 FROM copies
"""
