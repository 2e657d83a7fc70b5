from django.db import migrations

# Deferrable, as Django's own: a comment and its replies move to another thread in one transaction.
ADD = """
ALTER TABLE comments_comment ADD CONSTRAINT comments_comment_reply_to_a_comment_of_the_thread
FOREIGN KEY (parent_id, thread_id, parent_level) REFERENCES comments_comment (id, thread_id, level)
DEFERRABLE INITIALLY DEFERRED
"""
DROP = "ALTER TABLE comments_comment DROP CONSTRAINT comments_comment_reply_to_a_comment_of_the_thread"


class Migration(migrations.Migration):
    dependencies = [("comments", "0001_initial")]

    operations = [migrations.RunSQL(ADD, DROP)]
