from django.db import migrations, models

# What only moderators look at, before a petition is published.
FOR_MODERATORS = ["outside_competence", "not_a_request", "incomprehensible", "duplicate"]


def keep_for_moderators(apps, schema_editor):
    apps.get_model("moderation", "Reason").objects.filter(code__in=FOR_MODERATORS).update(is_for_reports=False)


class Migration(migrations.Migration):
    dependencies = [("moderation", "0017_reports_and_appeals")]

    operations = [
        migrations.AddField(
            model_name="reason",
            name="is_for_reports",
            field=models.BooleanField(default=True, verbose_name="offered to those who report"),
        ),
        migrations.RunPython(keep_for_moderators, migrations.RunPython.noop),
    ]
