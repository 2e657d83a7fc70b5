from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('moderation', '0009_due_from_target'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='case',
            name='moderation_case_one_open_per_subject',
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.UniqueConstraint(condition=models.Q(('decided_at', None), ('withdrawn_at', None), models.Q(('trigger', 'appeal'), _negated=True)), fields=('subject',), name='moderation_case_one_open_per_subject'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.UniqueConstraint(condition=models.Q(('decided_at', None), ('withdrawn_at', None), ('trigger', 'appeal')), fields=('subject',), name='moderation_case_one_open_appeal_per_subject'),
        ),
    ]
