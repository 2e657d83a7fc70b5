"""Names and answers of a named vote, for everybody; and the page where one's own name is taken off."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from civic.kernel.caching import private_page, public_page
from consultations import naming
from consultations.models import Consultation, Secrecy
from consultations.results.names import NamesShown
from consultations.views.results import proclaimed


@require_safe
@public_page(max_age=5)
def names(request, pk):
    consultation = proclaimed(pk)
    if not naming.is_named(consultation):
        raise Http404
    context = {"consultation": consultation, "found": NamesShown(consultation, request.GET.get("apres", ""))}
    response = render(request, "consultations/results/names.html", context)
    # Read here, and not found for ever by whoever searches for a person.
    response["X-Robots-Tag"] = "noindex"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@private_page
def own_name(request, pk):
    consultation = get_object_or_404(Consultation.objects.public(), pk=pk, secrecy=Secrecy.NAMED)
    if request.method == "POST":
        naming.take_off(consultation, request.user)
        messages.success(request, _("Your name is taken off. Your vote still counts."))
        return redirect("consultations:own-name", pk)
    context = {"consultation": consultation, "has_name": naming.has_name(consultation, request.user)}
    return render(request, "consultations/own_name.html", context)
