from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("moderation", "0024_text_as_decided")]

    operations = [
        migrations.AddField(model_name="report", name="revised_at", field=models.DateTimeField(null=True)),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.CheckConstraint(
                condition=models.Q(("revised_at", None), ("outcome", "unfounded"), _connector="OR"),
                name="moderation_report_revised_was_unfounded",
            ),
        ),
    ]
