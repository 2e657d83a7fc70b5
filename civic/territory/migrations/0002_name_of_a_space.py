from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("territory", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="space",
            name="name",
            field=models.CharField(blank=True, default="", max_length=200, verbose_name="name"),
        ),
    ]
