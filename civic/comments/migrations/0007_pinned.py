from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("comments", "0006_delay")]

    operations = [
        migrations.AddField(
            model_name="thread", name="pinned", field=models.CharField(blank=True, default="", max_length=300)
        ),
    ]
