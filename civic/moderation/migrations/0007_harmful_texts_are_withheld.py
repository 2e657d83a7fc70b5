from django.db import migrations

# Refused for one of these, a text is not shown: publishing it would do the harm that it was refused for.
HARMFUL = ["personal_attack", "names_person", "personal_data", "hate"]


def withhold(apps, schema_editor):
    apps.get_model("moderation", "Reason").objects.filter(code__in=HARMFUL).update(withholds_text=True)


class Migration(migrations.Migration):
    dependencies = [("moderation", "0006_reason_withholds_text")]

    operations = [migrations.RunPython(withhold, migrations.RunPython.noop)]
