"""Lists of residents: what there is, and an import that is looked at before it is kept."""

from django.contrib import messages
from django.db.models import Count
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from civic.accounts import counter
from civic.accounts.models import ResidentList
from civic.kernel.uploads import takes_file
from consultations.desk.forms import ListForm
from consultations.desk.forms.counter import LARGEST_LIST
from consultations.desk.views.doors import form_page, page, show, shown

MOST = 50


@page
def lists(request):
    kept = ResidentList.objects.select_related("imported_by").annotate(number=Count("people"))[:MOST]
    return shown(request, "lists", {"lists": kept, "tab": "lists"})


@sensitive_post_parameters()
@form_page(ListForm)
@takes_file(most=LARGEST_LIST)
def import_list(request):
    """Read, then kept as it was read: the second time the very same file, since nothing is stored in between."""
    form = ListForm(request.POST or None, request.FILES or None)
    if form.is_valid() and form.is_confirmed:
        people = [counter.Listed(**row) for row in form.table.rows]
        kept = counter.import_list(
            people,
            request.user,
            name=form.cleaned_data["name"],
            replaces=form.cleaned_data["replaces"],
            at=timezone.now(),
        )
        messages.success(request, _("“%(list)s” is imported.") % {"list": kept})
        return redirect("clerk:lists")
    return show(request, "import_list", {}, form=form, tab="lists")
