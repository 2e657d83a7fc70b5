from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("comments", "0007_pinned")]

    operations = [
        migrations.AddField(model_name="thread", name="asks_questions", field=models.BooleanField(default=False)),
        migrations.AddField(model_name="comment", name="is_official", field=models.BooleanField(default=False)),
        migrations.AddField(model_name="comment", name="is_question", field=models.BooleanField(default=False)),
        migrations.AddField(model_name="comment", name="official_replies", field=models.PositiveIntegerField(default=0)),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                condition=models.Q(("is_official", True)), fields=["parent"], name="comments_comment_official"
            ),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_official", False),
                    models.Q(("parent__isnull", False), models.Q(("office", ""), _negated=True)),
                    _connector="OR",
                ),
                name="comments_comment_official_is_a_reply_of_an_office",
            ),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_question", False), ("parent", None), _connector="OR"),
                name="comments_comment_question_is_no_reply",
            ),
        ),
    ]
