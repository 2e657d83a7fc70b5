import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('moderation', '0016_base_terms'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Appeal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(max_length=2000, verbose_name='your appeal')),
                ('at', models.DateTimeField()),
                ('language', models.CharField(max_length=5)),
                ('upheld', models.BooleanField(null=True)),
                ('answer', models.TextField(blank=True, default='', max_length=2000, verbose_name='answer')),
                ('decided_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appeals', to='moderation.case')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('first_decider', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('statement', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='appeal_made', to='moderation.statement')),
            ],
            options={
                'indexes': [models.Index(fields=['at'], name='moderation_appeal_age')],
                'constraints': [models.CheckConstraint(condition=models.Q(('decided_by', None), ('first_decider', None), models.Q(('decided_by', models.F('first_decider')), _negated=True), _connector='OR'), name='moderation_appeal_decided_by_another'), models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('decided_at', None), ('decided_by', None), ('upheld', None)), models.Q(('decided_at__isnull', False), ('upheld__isnull', False), models.Q(('answer', ''), _negated=True)), _connector='OR'), name='moderation_appeal_decided_has_answer'), models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='moderation_appeal_says_something')],
            },
        ),
        migrations.CreateModel(
            name='Report',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sentence', models.CharField(blank=True, max_length=500, verbose_name='in your words')),
                ('at', models.DateTimeField()),
                ('weight', models.PositiveSmallIntegerField()),
                ('language', models.CharField(max_length=5)),
                ('outcome', models.CharField(blank=True, choices=[('upheld', 'upheld'), ('unfounded', 'unfounded'), ('moot', 'without object')], default='', max_length=20)),
                ('settled_at', models.DateTimeField(null=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='moderation.case')),
                ('reason', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='moderation.reason')),
                ('reporter', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='reports', to=settings.AUTH_USER_MODEL)),
                ('subject', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='moderation.subject')),
            ],
            options={
                'indexes': [models.Index(fields=['reporter', 'outcome'], name='moderation_report_accuracy'), models.Index(fields=['at'], name='moderation_report_age')],
                'constraints': [models.UniqueConstraint(fields=('subject', 'reporter'), name='moderation_report_one_each'), models.CheckConstraint(condition=models.Q(('weight__lte', 4)), name='moderation_report_weight_is_bounded'), models.CheckConstraint(condition=models.Q(models.Q(('outcome', ''), ('settled_at', None)), models.Q(('outcome__in', ['upheld', 'unfounded', 'moot']), ('settled_at__isnull', False)), _connector='OR'), name='moderation_report_settled_has_outcome')],
            },
        ),
    ]
