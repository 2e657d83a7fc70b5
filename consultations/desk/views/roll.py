"""The voter roll at the counter. Names and dates of birth are in the answer's form alone: nothing of them is kept."""

from django.contrib import messages
from django.core import signing
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from civic.kernel import limits
from consultations import paper_roll
from consultations.desk.forms import EnterForm, RollForm
from consultations.desk.forms.counter import COUNTER_TIME
from consultations.desk.views.doors import form_page, show, shown
from consultations.desk.views.life import published_of

SALT = "consultations.desk.roll"


@sensitive_post_parameters()
@form_page(RollForm)
def roll(request, pk):
    """Whether somebody has voted; and who has not can be entered as voting on paper, from the answer."""
    consultation, at = published_of(request, pk), timezone.now()
    form = RollForm(request.POST or None, consultation=consultation)
    context = {"consultation": consultation, "is_open": consultation.is_voting_at(at)}
    if form.is_valid():
        limits.consume("roll-asked", f"account:{request.user.pk}", rate="300/h")
        standing = paper_roll.ask(consultation, request.user, at=at, **form.cleaned_data)
        token = signing.dumps([consultation.pk, standing.key], salt=SALT)
        enter = EnterForm(initial={"person": token})
        return shown(request, "roll_answer", context | {"standing": standing, "form": enter})
    return show(request, "roll", context, form=form)


@form_page()
def enter(request, pk):
    """Enter the person of the answer before. Its address may come back as a link: that leads to the question."""
    consultation = published_of(request, pk)
    if request.method != "POST":
        return redirect("clerk:roll", consultation.pk)
    form = EnterForm(request.POST)
    if not form.is_valid():
        return show(request, "roll_answer", {"consultation": consultation, "is_open": True}, form=form)
    try:
        asked, key = signing.loads(form.cleaned_data["person"], salt=SALT, max_age=COUNTER_TIME)
    except (signing.BadSignature, ValueError):
        asked, key = None, ""
    if asked != consultation.pk:
        messages.warning(request, _("That took more than half an hour: please ask again."))
        return redirect("clerk:roll", consultation.pk)
    paper_roll.enter(consultation, request.user, key, at=timezone.now())
    messages.success(request, _("Entered as voting on paper: give the envelope now."))
    return redirect("clerk:roll", consultation.pk)
