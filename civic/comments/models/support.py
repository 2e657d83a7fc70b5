"""A person's support of a comment: one row, whatever the number of presses."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class Support(models.Model):
    """`counts` is the person's wish, `counted` whether the published number includes it (counting.py)."""

    comment = models.ForeignKey("comments.Comment", models.CASCADE, related_name="given_supports", db_index=False)
    # Null once the account is erased: the support stays counted, and nobody's.
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    given_at = models.DateTimeField()
    counts = models.BooleanField(default=True)
    counted = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["comment", "user"], name="comments_support_one_per_person"),
        ]
        indexes = [
            models.Index(fields=["comment"], condition=~Q(counted=F("counts")), name="comments_support_moved"),
        ]

    @classmethod
    def give(cls, comment_id: int, user, *, at) -> None:
        """Count this person's support, once; the published number follows by a loop."""
        Support.objects.bulk_create(
            [Support(comment_id=comment_id, user=user, given_at=at)],
            update_conflicts=True,
            unique_fields=["comment", "user"],
            update_fields=["counts", "given_at"],
        )

    @classmethod
    def take_back(cls, comment_id: int, user) -> None:
        cls.objects.filter(comment_id=comment_id, user=user, counts=True).update(counts=False)
