"""The members of the council: who they are, and an import that is looked at before it is kept."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import ngettext

from civic.kernel.uploads import takes_file
from livestream.desk.forms import CouncilTableForm
from livestream.desk.forms.council import LARGEST_COUNCIL
from livestream.desk.views.doors import form_page, page, show, shown
from livestream.importing import import_council
from livestream.models.council import council_on


@page
def members(request):
    """Those in office today, group by group."""
    return shown(request, "members", {"members": council_on(timezone.localdate()), "tab": "members"})


@form_page(CouncilTableForm)
@takes_file(most=LARGEST_COUNCIL)
def import_members(request):
    """Read, shown with the faults of its lines, then kept all at once."""
    form = CouncilTableForm(request.POST or None, request.FILES or None)
    if form.is_valid() and "keep" in request.POST:
        number = import_council(form.text, today=timezone.localdate(), by=request.user)
        said = ngettext("%(count)s member is as the table says.", "%(count)s members are as the table says.", number)
        messages.success(request, said % {"count": number})
        return redirect("sitting:members")
    return show(request, "import_members", {"tab": "members"}, form=form)
