"""Mail on its way out, and what a person may follow."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

# A mail holds secret links: what it said is erased this long after it left.
KEPT_FOR = timedelta(days=2)
DJANGO_KEY = "django:"


class Topic(models.Model):
    """Something that can be followed; the feature owns it one-to-one and `kind` names the feature."""

    kind = models.SlugField(max_length=40)
    created_at = models.DateTimeField(db_default=Now())


class OutgoingMailQuerySet(models.QuerySet["OutgoingMail"]):
    def waiting(self) -> "OutgoingMailQuerySet":
        """Neither sent, nor cancelled, nor given up."""
        return self.filter(sent_at=None, cancelled_at=None, failed_at=None)

    def settled(self, *, before: datetime) -> "OutgoingMailQuerySet":
        """Whose fate was known before that moment."""
        return self.filter(Q(sent_at__lt=before) | Q(cancelled_at__lt=before) | Q(failed_at__lt=before))

    def erase(self, *, at: datetime) -> None:
        """Empty what left more than KEPT_FOR ago; the keys stay, since "once" must hold later too."""
        old = self.settled(before=at - KEPT_FOR)
        # Keys of Django's own mail are random and say nothing more.
        old.filter(key__startswith=DJANGO_KEY).delete()
        old.exclude(to="").update(to="", subject="", text="", html="", headers={})


class OutgoingMail(models.Model):
    """One mail to one person: written with the act that causes it, delivered by the worker.

    `key` says which event is told to whom: a second mail with the same key is never written.
    """

    key = models.CharField(max_length=200, unique=True)
    to = models.CharField(_("to"), max_length=320)
    subject = models.CharField(_("subject"), max_length=250)
    text = models.TextField()
    html = models.TextField(blank=True)
    headers = models.JSONField(default=dict)
    language = models.CharField(max_length=5)
    created_at = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    # Refused for good by the mail server, or undeliverable for three days.
    failed_at = models.DateTimeField(null=True)
    tries = models.PositiveIntegerField(db_default=0)
    # The kind of error and the server's code; its sentence may hold the address.
    last_error = models.CharField(max_length=80, blank=True, db_default="")

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_at=None, cancelled_at=None)
                | Q(sent_at=None, failed_at=None)
                | Q(cancelled_at=None, failed_at=None),
                name="notifications_outgoingmail_one_fate",
            )
        ]
        indexes = [
            models.Index(
                fields=["created_at"],
                condition=Q(sent_at=None, cancelled_at=None, failed_at=None),
                name="notifications_mail_waiting",
            ),
            models.Index(fields=["to", "-created_at"], name="notifications_mail_of_address"),
        ]

    def __str__(self):
        return self.key

    def is_waiting(self) -> bool:
        return self.sent_at is None and self.cancelled_at is None and self.failed_at is None
