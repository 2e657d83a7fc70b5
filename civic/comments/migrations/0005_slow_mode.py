from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("comments", "0004_closed_by_a_moderator")]

    operations = [
        migrations.AddField(
            model_name="thread", name="slow_seconds", field=models.PositiveSmallIntegerField(default=0)
        ),
        migrations.AddConstraint(
            model_name="thread",
            constraint=models.CheckConstraint(
                condition=models.Q(("slow_seconds__lte", 3600)), name="comments_thread_pause_is_short"
            ),
        ),
    ]
