from datetime import timedelta

from django.db import migrations
from django.db.models import F

# What was there before has the delay that the city gave itself for petitions.
TARGET = timedelta(days=15)


def date(apps, schema_editor):
    apps.get_model("moderation", "Case").objects.update(due_at=F("opened_at") + TARGET)


class Migration(migrations.Migration):
    dependencies = [("moderation", "0008_due_and_weight")]

    operations = [migrations.RunPython(date, migrations.RunPython.noop)]
