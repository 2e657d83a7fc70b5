"""The desk's shelves, and one session with all that can be done to it."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from livestream.desk.views.doors import page, shown, sitting_of
from livestream.models import Sitting, State
from livestream.models.speech import speaking_times
from livestream.models.states import OVER, UNDER_WAY

# More than a council sits in years; the older ones are found on the public list.
MOST = 200
SHELVES = (
    ("live", _("Under way"), UNDER_WAY, ""),
    ("coming", _("To come"), (State.CONVENED,), _("None is convened.")),
    ("drafts", _("Being written"), (State.DRAFT,), _("No draft.")),
    ("over", _("Over"), OVER, ""),
)


@page
def sittings(request):
    """All that this clerk runs, by what is to be done with it."""
    found = list(Sitting.objects.run_by(request.user).with_life().order_by("-starts_at", "-pk")[:MOST])
    shelves = [
        {"name": name, "title": title, "empty": empty, "rows": [row for row in found if row.state in states]}
        for name, title, states, empty in SHELVES
    ]
    return shown(request, "list", {"shelves": shelves})


@page
def sitting(request, pk):
    """Where it stands, its agenda, and what comes next."""
    found = sitting_of(request, pk)
    state = found.state
    context = {
        "sitting": found,
        "state": state,
        "items": found.items.with_state().select_related("rapporteur"),
        "lacks": found.lacks if state == State.DRAFT else [],
        "is_under_way": state in UNDER_WAY,
        "can_write": state not in OVER,
        "speaking": speaking_times(found, at=timezone.now()) if found.opened_at else [],
    }
    return shown(request, "sitting", context)
