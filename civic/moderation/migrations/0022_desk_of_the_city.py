from django.db import migrations


def seat(apps, schema_editor):
    """The whole city's desk is there before its first case, so that pages follow it from the start."""
    Desk, Stream = apps.get_model("moderation", "Desk"), apps.get_model("realtime", "Stream")
    if not Desk.objects.filter(space=None).exists():
        Desk.objects.create(space=None, stream=Stream.objects.create(kind="moderation"))


class Migration(migrations.Migration):
    dependencies = [("moderation", "0021_desks")]

    operations = [migrations.RunPython(seat, migrations.RunPython.noop)]
