from django.db import migrations

# One statement for each table, however many petitions there are; the stream is what they have in common.
GIVE = """
INSERT INTO comments_thread (kind, stream_id, mode, asks_position, opened_at, count)
SELECT 'petition', stream_id, 'after_with_holds', TRUE, now(), 0 FROM petitions_petition WHERE thread_id IS NULL;
UPDATE petitions_petition AS petition SET thread_id = thread.id
FROM comments_thread AS thread WHERE thread.stream_id = petition.stream_id AND petition.thread_id IS NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("petitions", "0005_thread"), ("comments", "0001_initial")]

    # The threads stay with their petitions on the way back: only the column goes.
    operations = [migrations.RunSQL(GIVE, migrations.RunSQL.noop)]
