from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("comments", "0008_questions_and_answers")]

    operations = [
        migrations.AddField(model_name="comment", name="spoken_at", field=models.DateTimeField(null=True)),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("spoken_at", None), ("spoken_at__lte", models.F("posted_at")), _connector="OR"
                ),
                name="comments_comment_speaks_of_what_was_seen",
            ),
        ),
    ]
