"""People with an account, and the rights they hold."""

import uuid
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models, transaction
from django.db.models.functions import Greatest, Lower, Now
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from civic.accounts.recent import recent_users
from civic.accounts.residence import ListedPerson, Residence, ResidentList  # noqa: F401 - Django looks for models here
from civic.audit import journal
from civic.kernel.errors import DomainError
from civic.realtime.access import access_changed
from civic.territory.models import Quarter, Space


class AccountAlreadyClosed(DomainError):
    sentence = _("This account is already closed.")


class AccountAlreadyOpen(DomainError):
    sentence = _("This account is already open.")


class RightAlreadyGiven(DomainError):
    sentence = _("This account holds this role already.")


class RightAlreadyEnded(DomainError):
    sentence = _("This role has ended already.")


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields) -> "User":
        """An account; without a password it is signed in by a code by mail."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """One person, known by an e-mail address. `name` is what may be shown, where the person ticks it."""

    email = models.EmailField(_("e-mail address"), max_length=254, unique=True)
    name = models.CharField(_("first and last name"), max_length=80)
    postal_code = models.CharField(_("postal code"), max_length=5, blank=True)
    quarter = models.ForeignKey(Quarter, models.SET_NULL, null=True, blank=True, verbose_name=_("quarter"))
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(db_default=Now())
    # Of the pages on which they last signed in: mails that no page of theirs asks for are written in it.
    language = models.CharField(max_length=5, default="fr", db_default="fr", editable=False)
    # The journal's name for this account: erasing it leaves the journal true and nobody named.
    journal_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    # What the account of a session carries (backends.py, sessions.py): the rights of now, whether a
    # second factor is enrolled, and whether staff rights sleep until this session has shown it.
    loaded_rights: Collection[tuple[str, int | None]] | None = None
    has_factor: bool = False
    factor_pending: bool = False

    class Meta:
        constraints = [
            # Lower case always, so that "unique" means one account per address as people read it.
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="accounts_user_email_is_lower")
        ]

    def __str__(self):
        return self.name or gettext("Account")

    def save(self, *args, **kwargs):
        has_new_password = self.pk is not None and getattr(self, "_password", None) is not None
        super().save(*args, **kwargs)
        self.tell_change(access=has_new_password)

    def tell_change(self, *, access: bool = False) -> None:
        """Have this process read the account again, before and after the commit; others do within two seconds.

        `access`: what the account may see has changed, so its open sockets close and come back by the door.
        """
        recent_users.forget(self.pk)
        transaction.on_commit(lambda: recent_users.forget(self.pk))
        if access:
            access_changed(user=self)

    def rights_in_force(self, *, at: datetime | None = None) -> Collection[tuple[str, int | None]]:
        """Pairs of role and space (its id, None for everywhere) held at that moment, now by default."""
        if at is None and self.loaded_rights is not None:
            return self.loaded_rights
        return set(self.rights.current(at=at or timezone.now()).values_list("role", "space_id"))

    def spaces_with(self, *roles: str, at: datetime | None = None) -> set[int | None]:
        """Where one of the roles may be used: ids of spaces, None for everywhere.

        Nowhere while the account is inactive or its session has not shown the second factor.
        """
        if not self.is_active or self.factor_pending:
            return set()
        return {space for role, space in self.rights_in_force(at=at) if role in roles}

    def has_role(self, *roles: str, space: Space | None = None, at: datetime | None = None) -> bool:
        """Whether one of the roles may be used everywhere or in that space."""
        spaces = self.spaces_with(*roles, at=at)
        return None in spaces or (space is not None and space.pk in spaces)

    def has_role_somewhere(self, *roles: str, at: datetime | None = None) -> bool:
        """Whether one of the roles may be used in some space at least: enough to see a desk."""
        return bool(self.spaces_with(*roles, at=at))

    @property
    def is_moderator(self) -> bool:
        """Whether to show the way to the moderators' desk."""
        return self.has_role_somewhere(Role.MODERATOR)

    @property
    def is_clerk(self) -> bool:
        """Whether to show the way to the clerks' desk."""
        return self.has_role_somewhere(Role.CLERK, Role.ADMINISTRATOR)

    def is_staff_member(self) -> bool:
        """Whether the account holds more than a resident does, and so must show a second factor."""
        return any(role in Role.staff() for role, _space in self.rights_in_force())

    def deactivate(self, *, reason: str, by: "User | None" = None) -> None:
        """Close the account to its owner, sessions included; `reason` is a code. Raises AccountAlreadyClosed."""
        with transaction.atomic():
            if not User.objects.filter(pk=self.pk, is_active=True).update(is_active=False):
                raise AccountAlreadyClosed
            self._record_opening("account.deactivated", by, {"reason": reason})
        self.is_active = False

    def reactivate(self, *, by: "User | None" = None) -> None:
        """Give the account back to its owner. Raises AccountAlreadyOpen."""
        with transaction.atomic():
            if not User.objects.filter(pk=self.pk, is_active=False).update(is_active=True):
                raise AccountAlreadyOpen
            self._record_opening("account.reactivated", by, {})
        self.is_active = True

    def _record_opening(self, action: str, by: "User | None", codes: dict[str, Any]) -> None:
        # The target is named by the random id: once the account is erased, the entry names nobody.
        journal.record(action, actor=by, target=("account", None), holder=str(self.journal_id), **codes)
        self.tell_change(access=True)


class Role(models.TextChoices):
    """What somebody may be beyond a resident (accounts.md)."""

    ELECTED = "elected", _("elected member")
    MODERATOR = "moderator", _("moderator")
    CLERK = "clerk", _("clerk")
    SERVICE = "service", _("department")
    COUNSELLOR = "counsellor", _("digital counsellor")
    SCRUTINEER = "scrutineer", _("scrutineer")
    PROTECTION = "protection", _("data protection officer")
    AUDITOR = "auditor", _("auditor")
    ADMINISTRATOR = "administrator", _("administrator")

    @classmethod
    def staff(cls) -> set[str]:
        return set(cls.values)


class RightQuerySet(models.QuerySet["Right"]):
    def not_ended(self, *, at: datetime) -> "RightQuerySet":
        return self.filter(models.Q(ends_at=None) | models.Q(ends_at__gt=at))

    def current(self, *, at: datetime) -> "RightQuerySet":
        return self.not_ended(at=at).filter(starts_at__lte=at)

    def give(
        self,
        user: User,
        role: str,
        *,
        at: datetime,
        by: User | None = None,
        space: Space | None = None,
        until: datetime | None = None,
    ) -> "Right":
        """Give a role from `at` on, until it is withdrawn or `until`. Raises RightAlreadyGiven."""
        with transaction.atomic():
            # The account's row is the lock: two givers meet here, and the second sees the first's right.
            User.objects.select_for_update(no_key=True).get(pk=user.pk)
            if self.not_ended(at=at).filter(user=user, role=role, space=space).exists():
                raise RightAlreadyGiven
            right = self.create(user=user, role=role, space=space, starts_at=at, ends_at=until, given_by=by)
            right.record("right.given", by, until=until.isoformat() if until else None)
        return right


class Right(models.Model):
    """A role held by an account, everywhere or in one space, from a moment until another."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="rights")
    role = models.CharField(max_length=20, choices=Role.choices)
    space = models.ForeignKey(Space, models.CASCADE, null=True, blank=True)
    starts_at = models.DateTimeField(db_default=Now())
    ends_at = models.DateTimeField(null=True, blank=True)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    objects = RightQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "space"],
                condition=models.Q(ends_at=None),
                nulls_distinct=False,
                name="accounts_right_one_at_a_time",
            ),
            # Equal: withdrawn before it began, and never in force.
            models.CheckConstraint(
                condition=models.Q(ends_at=None) | models.Q(ends_at__gte=models.F("starts_at")),
                name="accounts_right_ends_after_start",
            ),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="accounts_right_role_is_known"),
        ]

    def withdraw(self, *, at: datetime, by: User | None = None) -> None:
        """End the right at `at`. Raises RightAlreadyEnded."""
        with transaction.atomic():
            end = Greatest("starts_at", models.Value(at, output_field=models.DateTimeField()))
            # Compared with the end that we saw: of two withdrawals at once, one finds another end there.
            same = Right.objects.not_ended(at=at).filter(pk=self.pk, ends_at=self.ends_at)
            if not same.update(ends_at=end):
                raise RightAlreadyEnded
            self.record("right.withdrawn", by)
        self.refresh_from_db(fields=["ends_at"])

    def record(self, action: str, by: User | None, **codes) -> None:
        """Journal what happened to the right, and have the account read again."""
        codes |= {"holder": str(self.user.journal_id), "role": self.role}
        journal.record(action, actor=by, target=("right", self.pk), space=self.space, **codes)
        self.user.loaded_rights = None
        self.user.tell_change(access=True)
