import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("petitions", "0006_threads_of_petitions")]

    operations = [
        migrations.AlterField(
            model_name="petition",
            name="thread",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="petition", to="comments.thread"
            ),
        ),
    ]
