"""The council: its groups, and who sits in it from when to when."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

NAME_LENGTH, SHORT_LENGTH = 120, 30


class Group(models.Model):
    """A political group, as its members declared it; those of none are a group by themselves."""

    name = models.CharField(_("name"), max_length=NAME_LENGTH, unique=True)
    short_name = models.CharField(_("short name"), max_length=SHORT_LENGTH, blank=True)
    rank = models.PositiveSmallIntegerField(_("rank"), default=0)

    class Meta:
        ordering = ["rank", "name"]
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="livestream_group_has_name")]

    def __str__(self):
        return self.name

    @property
    def short(self) -> str:
        return self.short_name or self.name


class Office(models.TextChoices):
    MAYOR = "mayor", _("mayor")
    DEPUTY = "deputy", _("deputy mayor")
    COUNCILLOR = "councillor", _("councillor")


class CouncillorQuerySet(models.QuerySet):
    def in_office(self, day: date) -> CouncillorQuerySet:
        """Who is a member that day: the day of the end is the first without."""
        return self.filter(Q(until_day=None) | Q(until_day__gt=day), from_day__lte=day)


class Councillor(models.Model):
    """A member of the council, in office from `from_day` until `until_day`, which is no longer part of it."""

    name = models.CharField(_("name"), max_length=NAME_LENGTH)
    group = models.ForeignKey(Group, models.PROTECT, related_name="councillors", verbose_name=_("group"))
    office = models.CharField(_("office"), max_length=10, choices=Office.choices, default=Office.COUNCILLOR)
    # The order of the table of the council (CGCT L2121-1).
    rank = models.PositiveSmallIntegerField(_("rank"), default=0)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="councillor"
    )
    from_day = models.DateField(_("in office from"))
    until_day = models.DateField(_("until"), null=True, blank=True)

    objects = CouncillorQuerySet.as_manager()

    class Meta:
        ordering = ["rank", "name"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="livestream_councillor_has_name"),
            models.CheckConstraint(condition=Q(office__in=Office.values), name="livestream_councillor_office_is_known"),
            models.CheckConstraint(
                condition=Q(until_day=None) | Q(until_day__gt=F("from_day")),
                name="livestream_councillor_ends_after_beginning",
            ),
            models.UniqueConstraint(
                fields=["name"], condition=Q(until_day=None), name="livestream_councillor_once_in_office"
            ),
            models.UniqueConstraint(
                fields=["office"],
                condition=Q(office="mayor", until_day=None),
                name="livestream_councillor_one_mayor",
            ),
        ]

    def __str__(self):
        return self.name

    def is_in_office(self, day: date) -> bool:
        return self.from_day <= day and (self.until_day is None or day < self.until_day)


def council_on(day: date) -> list[Councillor]:
    """The members that day with their groups, by group and then in the order of the table."""
    members: Any = Councillor.objects.in_office(day).select_related("group")
    return list(members.order_by("group__rank", "group__name", "rank", "name"))
