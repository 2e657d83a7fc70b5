"""The page of the team's figures: each as a chart, and as a table."""

from __future__ import annotations

from datetime import timedelta

from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from civic.accounts.access import role_required
from civic.accounts.models import Role
from civic.kernel.caching import private_page
from civic.kernel.charts import Bars, Columns, Number, Series
from civic.moderation.figures import DAYS, Figures, Week
from civic.moderation.team.doors import KEEPERS


@require_safe
@private_page
@role_required(Role.MODERATOR)
def figures(request):
    found = Figures(request.user, at=timezone.now())
    context = {
        "section": "moderation",
        "tab": "figures",
        "reads_figures_only": not request.user.has_role(*KEEPERS),
        "waiting": found.waiting(),
        "columns": [handling(found.weeks()), load(found.hours())],
        "bars": [reasons(found.reasons()), places(found.places())],
    }
    return render(request, "moderation/team/figures.html", context)


def handling(weeks: list[Week]) -> Columns:
    return Columns(
        id="handling",
        title=_("From opening to decision, by week"),
        heading=_("Week of"),
        labels=[date_format(timezone.localtime(week.starts_at), "d/m") for week in weeks],
        series=[
            Series(_("nine cases in ten take less"), [days(week.ninth) for week in weeks]),
            Series(_("half of the cases take less"), [days(week.median) for week in weeks]),
        ],
        say=say_days,
        every=3,
    )


def load(hours: list[int]) -> Columns:
    return Columns(
        id="load",
        title=_("Cases opened in %(days)s days, by the hour") % {"days": DAYS},
        heading=_("Hour"),
        labels=[_("%(hour)s h") % {"hour": hour} for hour in range(24)],
        series=[Series(_("Cases"), hours)],
        say=say_count,
        every=6,
    )


def reasons(counted: list[tuple[str, int]]) -> Bars:
    title = _("Restrictions in %(days)s days, by reason") % {"days": DAYS}
    return Bars(id="reasons", title=title, heading=_("Reason"), unit=_("Decisions"), figures=counted)


def places(counted: list[tuple[str, int]]) -> Bars:
    title = _("Cases opened in %(days)s days, by place") % {"days": DAYS}
    return Bars(id="places", title=title, heading=_("Place"), unit=_("Cases"), figures=counted)


def days(time: timedelta | None) -> float | None:
    return None if time is None else time / timedelta(days=1)


def say_days(value: Number) -> str:
    """« 3,5 jours », « 6 heures »: hours below a day."""
    if 0 < value < 1:
        hours = max(round(value * 24), 1)
        return ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours}
    said = number_format(round(value, 1), decimal_pos=0 if round(value, 1) == round(value) else 1)
    return ngettext("%(count)s day", "%(count)s days", 2 if value >= 2 else 1) % {"count": said}


def say_count(value: Number) -> str:
    return number_format(value, decimal_pos=0 if value == int(value) else 1)
