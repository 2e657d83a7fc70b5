"""What everybody may read of moderation: how it works, each measure, the figures of a year."""

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from civic.kernel.caching import public_page
from civic.kernel.keyset import keyset_page
from civic.kernel.tabular import csv_response
from civic.moderation import register as rows
from civic.moderation import transparency
from civic.moderation.models import Reason

ROWS = 30
# The parameters of the address, as the register calls them.
FILTERS = {"annee": "year", "contenu": "kind", "mesure": "measure"}
FIRST_YEAR = 2000


@require_safe
@public_page(max_age=60)
def how(request):
    """How moderation works, in plain words, with the grounds of the charter as they are today."""
    return render(request, "moderation/how.html", {"reasons": Reason.objects.filter(is_active=True)})


def chosen(request) -> dict[str, str]:
    """What the reader narrowed the register to, by the parameters of the address; empty ones left out."""
    return {name: request.GET[name][:40] for name in FILTERS if request.GET.get(name)}


@require_safe
@public_page(max_age=60)
def register(request):
    """Every measure that stands, the latest first."""
    given = chosen(request)
    wanted = {FILTERS[name]: value for name, value in given.items()}
    page = keyset_page(rows.statements(**wanted), order=rows.ORDER, cursor=request.GET.get("apres", ""), size=ROWS)
    years = rows.years(wanted.get("year", ""))
    context = {
        "rows": rows.rows_of(page.items),
        "years": years,
        "kinds": rows.kinds(wanted.get("kind", "")),
        "measures": rows.choices_of_measures(wanted.get("measure", "")),
        "query": urlencode(given),
        "next_url": f"?{urlencode(given | {'apres': page.next_cursor})}" if page.next_cursor else "",
        "first_url": f"?{urlencode(given)}" if request.GET.get("apres") else "",
    }
    return render(request, "moderation/register.html", context)


@require_safe
@public_page(max_age=60)
def register_csv(request):
    """The same measures as a table, in French: data has no language of the page."""
    wanted = {FILTERS[name]: value for name, value in chosen(request).items()}
    with translation.override("fr"):
        found = rows.statements(**wanted).order_by(*rows.ORDER)
        return csv_response("registre.csv", rows.FIELDS, [row.cells() for row in rows.rows_of(found)])


@require_safe
@public_page(max_age=60)
def year_csv(request, year):
    """The figures of one year, this one included as far as it has gone."""
    if not FIRST_YEAR <= year <= timezone.localdate().year:
        raise Http404
    return csv_response(f"moderation-{year}.csv", transparency.FIELDS, transparency.rows(year))
