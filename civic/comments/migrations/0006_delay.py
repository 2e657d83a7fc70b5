from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("comments", "0005_slow_mode")]

    operations = [
        migrations.AddField(
            model_name="thread", name="delay_seconds", field=models.PositiveSmallIntegerField(default=0)
        ),
        migrations.AddConstraint(
            model_name="thread",
            constraint=models.CheckConstraint(
                condition=models.Q(("delay_seconds__lte", 600)), name="comments_thread_delay_is_short"
            ),
        ),
        migrations.AddField(model_name="comment", name="release_at", field=models.DateTimeField(null=True)),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("release_at", None),
                    models.Q(("deleted_at", None), ("held_at__isnull", False), ("hidden_at", None)),
                    _connector="OR",
                ),
                name="comments_comment_only_what_waits_is_released",
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                condition=models.Q(("release_at__isnull", False)),
                fields=["release_at", "id"],
                name="comments_comment_due",
            ),
        ),
    ]
