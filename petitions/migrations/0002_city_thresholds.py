from django.db import migrations

# The city's thresholds to begin with (spec: 50 meeting, 500 written answer, 1,500 council); staff change them.
THRESHOLDS = {"meeting": 50, "answer": 500, "council": 1500}


def add(apps, schema_editor):
    rules = apps.get_model("petitions", "ThresholdRule").objects
    rules.bulk_create([rules.model(kind=kind, count=count) for kind, count in THRESHOLDS.items()])


def remove(apps, schema_editor):
    apps.get_model("petitions", "ThresholdRule").objects.filter(kind__in=THRESHOLDS).delete()


class Migration(migrations.Migration):
    dependencies = [("petitions", "0001_initial")]

    operations = [migrations.RunPython(add, remove)]
