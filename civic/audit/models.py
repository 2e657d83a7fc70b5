"""The journal: who did what, when. It only grows; the database itself refuses the rest."""

from django.db import models
from django.db.models.functions import Now


class Entry(models.Model):
    """One act. `actor` is the random id of an account (erasure cuts it loose) or null for the system.

    `details` holds codes and numbers, never a name, an address, a mail or a text.
    """

    at = models.DateTimeField(db_default=Now())
    actor = models.UUIDField(null=True)
    action = models.CharField(max_length=60)
    target_kind = models.CharField(max_length=40)
    target_id = models.BigIntegerField(null=True)
    space_id = models.BigIntegerField(null=True)
    details = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["target_kind", "target_id", "id"], name="audit_entry_target"),
            models.Index(fields=["action", "at"], name="audit_entry_action"),
        ]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.target_kind} {self.target_id}"
