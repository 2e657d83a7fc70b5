import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('moderation', '0013_notes_and_colleagues'),
    ]

    operations = [
        migrations.CreateModel(
            name='Evidence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content', models.JSONField()),
                ('sha256', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
                ('kept_until', models.DateTimeField(db_index=True)),
            ],
            options={
                'verbose_name_plural': 'evidence',
            },
        ),
        migrations.AddField(
            model_name='case',
            name='apart_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='case',
            name='apart_kind',
            field=models.CharField(blank=True, choices=[('criminal', 'may be a crime'), ('danger', 'someone is in danger')], default='', max_length=20),
        ),
        migrations.AddField(
            model_name='case',
            name='apart_standing',
            field=models.CharField(blank=True, default='', max_length=10),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('apart_at', None), ('apart_kind', ''), ('apart_standing', '')), models.Q(('apart_at__isnull', False), ('apart_kind__in', ['criminal', 'danger']), models.Q(('apart_standing', ''), _negated=True)), _connector='OR'), name='moderation_case_apart_has_kind'),
        ),
        migrations.AddField(
            model_name='evidence',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='evidence', to='moderation.case'),
        ),
    ]
