"""Lists that staff keep: added to, changed and switched off, never shortened; each act is in the journal, as codes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

from civic.audit import journal
from civic.kernel.errors import DomainError

if TYPE_CHECKING:
    from civic.accounts.models import User


class AlreadyKept(DomainError):
    sentence = _("The list has this one already. Nothing was changed.")


class Kept(models.Model):
    """One entry of such a list. `journal_name` names it in the journal, `journal_codes` what may stand there."""

    journal_name: ClassVar[str]
    journal_codes: ClassVar[tuple[str, ...]] = ()

    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        abstract = True

    def keep(self, by: User) -> None:
        """Add the entry as it stands now, or change it to that. Raises AlreadyKept."""
        verb = "changed" if self.pk else "added"
        try:
            with transaction.atomic():
                self.save()
                codes: dict[str, Any] = {name: getattr(self, name) for name in self.journal_codes}
                target = (self.journal_name, self.pk)
                journal.record(f"{self.journal_name}.{verb}", actor=by, target=target, in_use=self.is_active, **codes)
        except IntegrityError:
            # Two of the team wrote the same at once.
            raise AlreadyKept from None
