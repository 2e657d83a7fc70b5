"""The city's quarters and themes, and the spaces in which a right may be held."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from civic.territory import kinds


class Place(models.Model):
    """What quarters and themes share: a stable address and the city's own order."""

    slug = models.SlugField(_("address"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=80)
    rank = models.PositiveSmallIntegerField(_("rank"), default=0)

    class Meta:
        abstract = True
        ordering = ["rank", "slug"]

    def __str__(self):
        return self.name


class Quarter(Place):
    """A neighbourhood, as the city cuts itself."""


class Theme(Place):
    """What a petition or a consultation is about."""


class Space(models.Model):
    """Something in which rights are given apart (a quarter, a consultation, a session).

    The feature owns its space one-to-one; `kind` names the feature (`kinds.py` says it in words). The
    feature keeps `name` as it names its own row, so that desks, rights and lists read it here.
    """

    kind = models.SlugField(max_length=40)
    name = models.CharField(_("name"), max_length=200, blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self):
        return self.name or f"{self.kind_label} {self.pk}"

    @property
    def kind_label(self) -> str:
        return kinds.label_of(self.kind)

    def rename(self, name: str) -> None:
        """Follow what the feature calls it; a longer name is cut."""
        self.name = name[: Space._meta.get_field("name").max_length]
        self.save(update_fields=["name"])
