import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('livestream', '0004_hand_poll'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(model_name='told', name='livestream_told_once'),
        migrations.RemoveConstraint(model_name='told', name='livestream_told_moment_is_known'),
        migrations.AlterField(
            model_name='told',
            name='item',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='told', to='livestream.item'),
        ),
        migrations.AlterField(
            model_name='told',
            name='moment',
            field=models.CharField(choices=[('soon', 'in about ten minutes'), ('begins', 'begins'), ('cancelled', 'does not take place')], max_length=10),
        ),
        migrations.AddField(
            model_name='told',
            name='sitting',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='told', to='livestream.sitting'),
        ),
        migrations.AddField(
            model_name='told',
            name='passage',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='told', to='livestream.passage'),
        ),
        migrations.AddField(
            model_name='told',
            name='told_at',
            field=models.DateTimeField(default=django.utils.timezone.now),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name='told',
            constraint=models.UniqueConstraint(fields=('user', 'item', 'sitting', 'moment'), name='livestream_told_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='told',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('item', None), ('sitting__isnull', False)), models.Q(('item__isnull', False), ('sitting', None)), _connector='OR'), name='livestream_told_of_one_thing'),
        ),
        migrations.AddConstraint(
            model_name='told',
            constraint=models.CheckConstraint(condition=models.Q(('moment__in', ['soon', 'begins', 'cancelled'])), name='livestream_told_moment_is_known'),
        ),
    ]
