import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('moderation', '0007_harmful_texts_are_withheld'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='case',
            name='moderation_case_queue',
        ),
        migrations.AddField(
            model_name='case',
            name='due_at',
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
        ),
        migrations.AddField(
            model_name='case',
            name='weight',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('decided_at', None), ('withdrawn_at', None)), fields=['due_at', 'id'], name='moderation_case_queue'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('due_at__gte', models.F('opened_at'))), name='moderation_case_due_after_opening'),
        ),
    ]
