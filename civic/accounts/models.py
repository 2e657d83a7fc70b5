"""People with an account, and the rights they hold."""

import uuid
from datetime import datetime

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower, Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from civic.territory.models import Quarter, Space


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
    # The journal's name for this account: erasing it leaves the journal true and nobody named.
    journal_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        constraints = [
            # Lower case always, so that "unique" means one account per address as people read it.
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="accounts_user_email_is_lower")
        ]

    def __str__(self):
        return self.name or _("Account")

    def roles(self, *, at: datetime | None = None) -> set[str]:
        """Roles held anywhere at that moment; read once per request."""
        if not hasattr(self, "_roles"):
            self._roles = set(self.rights.current(at=at or timezone.now()).values_list("role", "space_id"))
        return {role for role, _space in self._roles}

    def has_role(self, *roles: str, space: Space | None = None, at: datetime | None = None) -> bool:
        """Whether one of the roles is held everywhere or in that space."""
        if not self.is_active:
            return False
        self.roles(at=at)
        places = {None, space.pk if space else None}
        return any(role in roles and place in places for role, place in self._roles)

    def is_staff_member(self) -> bool:
        """Whether the account can do more than a resident can, and so needs a second factor."""
        return bool(self.roles() & Role.staff())


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


class RightQuerySet(models.QuerySet):
    def current(self, *, at: datetime) -> "RightQuerySet":
        return self.filter(models.Q(ends_at=None) | models.Q(ends_at__gt=at), starts_at__lte=at)


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
            models.CheckConstraint(
                condition=models.Q(ends_at=None) | models.Q(ends_at__gt=models.F("starts_at")),
                name="accounts_right_ends_after_start",
            ),
        ]
