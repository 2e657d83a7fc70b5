import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("comments", "0009_spoken_at"), ("livestream", "0006_moved_sittings")]

    operations = [
        migrations.AddField(
            model_name=name,
            name="thread",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name=name,
                to="comments.thread",
            ),
        )
        for name in ("sitting", "item")
    ]
