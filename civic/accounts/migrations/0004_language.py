from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_residence")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="language",
            field=models.CharField(db_default="fr", default="fr", editable=False, max_length=5),
        ),
    ]
