"""Residence at the counter: find one account by its exact address, for a reason; verify it, or take that back."""

from datetime import datetime, time, timedelta

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from civic.accounts import counter
from civic.accounts.models import User
from civic.kernel import limits
from consultations.desk.forms import FindAccountForm, ResidenceForm
from consultations.desk.forms.counter import THREE_YEARS, found_by, token_for
from consultations.desk.views.doors import form_page, show, shown


@sensitive_post_parameters()
@form_page(FindAccountForm)
def find(request):
    form = FindAccountForm(request.POST or None)
    if form.is_valid():
        limits.consume("residence-lookup", f"account:{request.user.pk}", rate="120/h")
        user = counter.look_up(form.cleaned_data["email"], request.user, reason=form.cleaned_data["reason"])
        if user is not None:
            return person_page(request, user)
        form.add_error("email", _("No account has exactly this address. Nothing like it is looked for."))
    return show(request, "residences", {}, form=form, tab="residences")


@sensitive_post_parameters()
@form_page(ResidenceForm)
def verify(request):
    """The person that was found: verified, or the verification taken back. Opened as a link, it leads to the search."""
    if request.method != "POST":
        return redirect("clerk:residences")
    pk = found_by(request.POST.get("person", ""), request.user) or 0
    user = User.objects.select_related("residence__quarter").filter(pk=pk, is_active=True).first()
    if user is None:
        messages.warning(request, _("That took more than half an hour: please look for the account again."))
        return redirect("clerk:residences")
    at, residence = timezone.now(), getattr(user, "residence", None)
    if request.POST.get("act") == "withdraw" and residence is not None:
        counter.take_back(residence, request.user, reason="at_counter", at=at)
        messages.success(request, _("The verification is taken back."))
        return redirect("clerk:residences")
    form = ResidenceForm(request.POST)
    if not form.is_valid():
        return person_page(request, user, form=form)
    typed = {name: form.cleaned_data[name] for name in ("name", "birth_date", "quarter", "postal_code")}
    last_day = form.cleaned_data["until"] + timedelta(days=1)
    until = timezone.make_aware(datetime.combine(last_day, time.min))
    counter.verify(user, request.user, until=until, at=at, **typed)
    messages.success(request, _("The residence of %(name)s is verified.") % {"name": user})
    return redirect("clerk:residences")


def person_page(request, user: User, *, form: ResidenceForm | None = None):
    """In the answer of a POST: no address shows who has an account."""
    today = timezone.localdate()
    until = today + timedelta(days=THREE_YEARS * 365)
    initial = {"quarter": user.quarter_id, "postal_code": user.postal_code, "until": f"{until:%d/%m/%Y}"}
    residence = getattr(user, "residence", None)
    context = {
        "tab": "residences",
        "person": user,
        "token": token_for(user, request.user),
        "residence": residence,
        "is_valid": residence is not None and residence.is_valid_at(timezone.now()),
        "form": form or ResidenceForm(initial=initial),
    }
    return shown(request, "residence", context, status=422 if form is not None else 200)
