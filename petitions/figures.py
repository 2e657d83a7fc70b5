"""Numbers for the home page."""

from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.utils.translation import gettext as _

from petitions.models import Petition, Threshold


def figures(*, at: datetime) -> list[dict]:
    """Open petitions, signatures in all, petitions that reached a threshold; one query."""
    reached = Threshold.objects.filter(petition=OuterRef("pk"), reached_at__isnull=False)
    numbers = Petition.objects.shown().aggregate(
        open=Count("pk", filter=Q(opens_at__lte=at, closes_at__gt=at, withdrawn_at=None, archived_at=None)),
        signatures=Sum("counter__confirmed", default=0),
        reached=Count("pk", filter=Exists(reached)),
    )
    return [
        {"value": numbers["open"], "label": _("petitions open for signature")},
        {"value": numbers["signatures"], "label": _("signatures given")},
        {"value": numbers["reached"], "label": _("petitions that reached a threshold")},
    ]
