"""When a moderator reads what is written somewhere. The owner of the place keeps the mode."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Mode(models.TextChoices):
    BEFORE = "before", _("before it is shown")
    AFTER = "after", _("after it is shown")
    AFTER_WITH_HOLDS = "after_with_holds", _("after, but for words and links that are held")
