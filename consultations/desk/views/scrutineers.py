"""Who keeps the keys of a secret vote: named by the address of their account, while it is a draft."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from civic.kernel import limits
from consultations import drafting
from consultations.desk.forms import ScrutineerForm
from consultations.desk.views.doors import draft_of, form_page, show


@form_page(ScrutineerForm)
def scrutineers(request, pk):
    """Those who are named, the state of their keys, and the form that names one more."""
    consultation = draft_of(request, pk)
    if request.method == "POST":
        # Whoever runs through addresses here would learn which have an account.
        limits.consume("scrutineer-named", f"account:{request.user.pk}", rate="60/h")
    form = ScrutineerForm(request.POST or None)
    if form.is_valid():
        named = drafting.name_scrutineer(consultation, request.user, form.user, at=timezone.now())
        messages.success(request, _("%(name)s is a scrutineer.") % {"name": named.user})
        return redirect("clerk:scrutineers", consultation.pk)
    context = {"consultation": consultation, "scrutineers": consultation.scrutineers.select_related("user")}
    return show(request, "scrutineers", context, form=form)


@form_page()
def remove(request, pk, scrutineer):
    """Take a place back. Its address may come back as a link, after signing in: that leads to the list."""
    consultation = draft_of(request, pk)
    if request.method == "POST":
        found = get_object_or_404(consultation.scrutineers.select_related("user"), pk=scrutineer)
        name = str(found.user or "")
        drafting.remove_scrutineer(found, request.user, at=timezone.now())
        messages.success(request, _("%(name)s is no longer a scrutineer.") % {"name": name})
    return redirect("clerk:scrutineers", consultation.pk)
