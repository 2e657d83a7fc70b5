from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("consultations", "0005_freeze_lists")]

    operations = [
        migrations.AddField("consultation", "roll_destroyed_at", models.DateTimeField(null=True)),
        migrations.AddConstraint(
            "consultation",
            models.CheckConstraint(
                condition=models.Q(
                    ("roll_destroyed_at", None),
                    ("proclaimed_at__isnull", False),
                    ("withdrawn_at__isnull", False),
                    _connector="OR",
                ),
                name="consultations_consultation_roll_outlives_its_vote",
            ),
        ),
    ]
