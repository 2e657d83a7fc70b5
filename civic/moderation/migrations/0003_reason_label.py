from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("moderation", "0002_base_reasons")]

    operations = [
        migrations.AddField(
            model_name="reason",
            name="label",
            field=models.CharField(default="", max_length=80, verbose_name="short name"),
            preserve_default=False,
        ),
    ]
