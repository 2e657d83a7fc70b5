"""Scrutineers: who keep the keys of a secret vote and read the roll."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from civic.audit import journal
from civic.kernel.errors import DomainError
from consultations import keys

FEWEST_NEEDED, MOST = 2, 7


class KeysAreFixed(DomainError):
    title = _("The keys can’t be changed any more")
    sentence = _("The consultation is published, and ballots are sealed with the keys that it names.")


class KeyOfAnother(DomainError):
    title = _("This key is another scrutineer’s")
    sentence = _("Each scrutineer has a key of their own. Make yours, and give its public half.")


class Scrutineer(models.Model):
    """One holder of a key. Its private half comes here once, at the count, and is not kept."""

    consultation = models.ForeignKey("consultations.Consultation", models.CASCADE, related_name="scrutineers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    rank = models.PositiveSmallIntegerField()
    # Curve25519, 32 bytes in base 64.
    public_key = models.CharField(max_length=44, blank=True)
    key_given_at = models.DateTimeField(null=True)
    tested_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["rank"]
        constraints = [
            models.UniqueConstraint(fields=["consultation", "user"], name="consultations_scrutineer_once"),
            models.UniqueConstraint(fields=["consultation", "rank"], name="consultations_scrutineer_one_per_rank"),
            models.UniqueConstraint(
                fields=["consultation", "public_key"],
                condition=~Q(public_key=""),
                name="consultations_scrutineer_key_of_ones_own",
            ),
            models.CheckConstraint(condition=Q(rank__gte=1, rank__lte=MOST), name="consultations_scrutineer_not_more"),
            models.CheckConstraint(
                condition=Q(public_key="", key_given_at=None, tested_at=None)
                | ~Q(public_key="") & Q(key_given_at__isnull=False),
                name="consultations_scrutineer_key_is_dated",
            ),
        ]

    def __str__(self):
        return f"{self.consultation_id} {self.rank}"

    def give_key(self, text: str, *, at: datetime) -> None:
        """Keep the public key, which must then be tested. Raises NotAKey, KeyOfAnother or KeysAreFixed."""
        keys.public_key(text)
        with transaction.atomic():
            self._hold_draft()
            self.public_key, self.key_given_at, self.tested_at = "".join(text.split()), at, None
            try:
                with transaction.atomic():
                    self.save(update_fields=["public_key", "key_given_at", "tested_at"])
            except IntegrityError as error:
                raise KeyOfAnother from error
            self._record("scrutineer.key_given")

    def pass_test(self, *, token: str, answer: str, at: datetime) -> None:
        """The sample was opened with the kept key. Raises TestFailed or TestTooOld.

        It may be done again at any time before the count; the first success stays the date of record.
        """
        keys.check_answer(self.public_key, token, answer)
        with transaction.atomic():
            first = Scrutineer.objects.filter(pk=self.pk, public_key=self.public_key, tested_at=None)
            if first.update(tested_at=at):
                self._record("scrutineer.key_tested")
        self.refresh_from_db(fields=["public_key", "tested_at"])

    def _hold_draft(self) -> None:
        # The consultation's row is the lock: a key that is being changed is not published meanwhile.
        rows = type(self.consultation)._default_manager.select_for_update(no_key=True)
        if rows.get(pk=self.consultation_id).is_published:
            raise KeysAreFixed

    def _record(self, action: str) -> None:
        target = ("consultation", self.consultation_id)
        journal.record(action, actor=self.user, target=target, space=self.consultation.space, rank=self.rank)
