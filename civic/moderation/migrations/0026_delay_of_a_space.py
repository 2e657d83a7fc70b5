from datetime import timedelta

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("moderation", "0025_revised_reports")]

    operations = [
        migrations.AddField(model_name="desk", name="target", field=models.DurationField(null=True)),
        migrations.AddConstraint(
            model_name="desk",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("target", None),
                    models.Q(("space__isnull", False), ("target__gt", timedelta())),
                    _connector="OR",
                ),
                name="moderation_desk_target_is_of_a_space",
            ),
        ),
    ]
