import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('moderation', '0010_appeals_beside'),
    ]

    operations = [
        migrations.AddField(
            model_name='decision',
            name='destination',
            field=models.CharField(blank=True, default='', max_length=80),
        ),
        migrations.AddField(
            model_name='decision',
            name='masked_text',
            field=models.TextField(blank=True, default=''),
        ),
        migrations.AddField(
            model_name='decision',
            name='origin',
            field=models.CharField(blank=True, default='', max_length=80),
        ),
        migrations.AddField(
            model_name='decision',
            name='undo_key',
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name='decision',
            name='undone_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='decision',
            name='undone_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('undo_key', None), ('undone_at', None), ('undone_by', None)), models.Q(('undo_key__isnull', False), ('undone_at__isnull', False)), _connector='OR'), name='moderation_decision_undone_has_key'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('action', 'mask'), _negated=True), models.Q(('masked_text', ''), _negated=True), _connector='OR'), name='moderation_decision_mask_has_text'),
        ),
    ]
