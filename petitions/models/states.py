"""The life of a petition, derived from dated facts: one property reads it, one queryset selects by it."""

from datetime import datetime

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from civic.kernel.states import in_one_of
from civic.kernel.text import fold


class PetitionState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    REFUSED = "refused", _("Refused")
    SCHEDULED = "scheduled", _("Opening soon")
    OPEN = "open", _("Open for signature")
    CLOSED = "closed", _("Closed")
    ARCHIVED = "archived", _("Archived")
    WITHDRAWN = "withdrawn", _("Withdrawn by its author")
    HIDDEN = "hidden", _("Hidden")
    REMOVED = "removed", _("Removed")


def state_conditions(at: datetime) -> dict[PetitionState, Q]:
    """Each state as a condition, the strongest first; a petition is in the first one that holds."""
    return {
        PetitionState.REMOVED: Q(removed_at__isnull=False),
        PetitionState.HIDDEN: Q(hidden_at__isnull=False),
        PetitionState.WITHDRAWN: Q(withdrawn_at__isnull=False),
        PetitionState.ARCHIVED: Q(archived_at__isnull=False),
        PetitionState.CLOSED: Q(closes_at__lte=at),
        PetitionState.OPEN: Q(opens_at__lte=at),
        PetitionState.SCHEDULED: Q(published_at__isnull=False),
        PetitionState.REFUSED: Q(refused_at__isnull=False),
        PetitionState.IN_REVIEW: Q(submitted_at__isnull=False),
        PetitionState.DRAFT: Q(),
    }


def state_of(petition, *, at: datetime) -> PetitionState:
    """The same order as `state_conditions`, read from one row."""
    facts = [
        (PetitionState.REMOVED, petition.removed_at is not None),
        (PetitionState.HIDDEN, petition.hidden_at is not None),
        (PetitionState.WITHDRAWN, petition.withdrawn_at is not None),
        (PetitionState.ARCHIVED, petition.archived_at is not None),
        (PetitionState.CLOSED, petition.closes_at is not None and petition.closes_at <= at),
        (PetitionState.OPEN, petition.opens_at is not None and petition.opens_at <= at),
        (PetitionState.SCHEDULED, petition.published_at is not None),
        (PetitionState.REFUSED, petition.refused_at is not None),
        (PetitionState.IN_REVIEW, petition.submitted_at is not None),
    ]
    return next((state for state, holds in facts if holds), PetitionState.DRAFT)


class PetitionQuerySet(models.QuerySet):
    def in_state(self, *states: str, at: datetime) -> "PetitionQuerySet":
        """Petitions that are in one of the states at that moment."""
        return self.filter(in_one_of(states, state_conditions(at)))

    def open(self, *, at: datetime) -> "PetitionQuerySet":
        return self.shown().filter(withdrawn_at=None, archived_at=None, opens_at__lte=at, closes_at__gt=at)

    def shown(self) -> "PetitionQuerySet":
        """What anyone may read: published, or refused in public; neither hidden nor removed."""
        public = Q(published_at__isnull=False) | Q(refused_at__isnull=False, withheld_at=None)
        return self.filter(public, hidden_at=None, removed_at=None)

    def search(self, query: str) -> "PetitionQuerySet":
        """French full-text search that ignores accents: text and query are folded, then stemmed."""
        vector = SearchVector("folded", config="french")
        words = SearchQuery(fold(query), config="french", search_type="websearch")
        return self.alias(words=vector).filter(words=words)

    def like(self, title: str) -> "PetitionQuerySet":
        """Those that share at least half of a title's words, the closest first."""
        # Short words (« les », « des ») say nothing; PostgreSQL's French list knows but a few of them.
        telling = [word for word in fold(title).split() if len(word) > 3]
        vector = SearchVector("folded", config="french")
        words = SearchQuery(" or ".join(telling), config="french", search_type="websearch")
        # ts_rank of “a or b or …” is the mean over the words, about 0.06 for each one that is found.
        close = self.alias(words=vector).filter(words=words).annotate(rank=SearchRank(vector, words))
        return close.filter(rank__gte=0.03).order_by("-rank", "-pk")

    def visible_to(self, user) -> "PetitionQuerySet":
        """What this person may read: what anyone may, and one's own."""
        if not user.is_authenticated:
            return self.shown()
        return self.shown() | self.filter(author=user, removed_at=None)

    def visible_to_or_removed(self, user) -> "PetitionQuerySet":
        """The same, and what was removed, whose page says that it is gone."""
        return self.visible_to(user) | self.filter(removed_at__isnull=False, published_at__isnull=False)
