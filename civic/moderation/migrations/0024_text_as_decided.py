from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("moderation", "0023_words_first")]

    operations = [
        migrations.AddField(model_name="statement", name="texts", field=models.JSONField(default=list)),
    ]
