"""Who is there, and who votes for whom."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from civic.kernel.text import whole_number
from livestream.desk.forms import ProxyForm
from livestream.desk.views.doors import BESIDE, form_page, member_of, show, sitting_of
from livestream.models import Sitting, attendance
from livestream.models import shown as kept


@form_page()
def presence(request, pk):
    """The whole council with a box for each member, and the proxies."""
    sitting, act = sitting_of(request, pk), request.POST.get("act")
    present = kept.attendance_of(sitting)
    form = ProxyForm(request.POST if act == "give" else None, attendance=present)
    if act == "note":
        note(request, sitting)
    elif act == "end":
        giver = member_of(request, sitting, request.POST.get("giver"))
        attendance.end_proxy(sitting, giver, request.user, at=timezone.now())
    elif form.is_valid():
        attendance.give_proxy(sitting, by=request.user, at=timezone.now(), **form.cleaned_data)
    if request.method == "POST" and not form.errors:
        return redirect("sitting:presence", sitting.pk)
    there = {member.pk for member in present.present}
    members = [(member, member.pk in there) for member in present.everyone]
    context = {"sitting": sitting, "state": sitting.state, "attendance": present, "members": members, "scripts": BESIDE}
    return show(request, "presence", context, form=form)


def note(request, sitting: Sitting) -> None:
    """Only what was changed on the page: another clerk may have noted others meanwhile."""
    ticked, shown_there = (numbers_in(request, name) for name in ("present", "was"))
    arrived, left = ticked - shown_there, shown_there - ticked
    come, gone = attendance.note(sitting, request.user, arrived=arrived, left=left, at=timezone.now())
    messages.success(request, _("Noted: %(come)s arrived, %(gone)s left.") % {"come": come, "gone": gone})


def numbers_in(request, name: str) -> set[int]:
    written = " ".join(request.POST.getlist(name)).split()
    return {number for each in written if (number := whole_number(each)) is not None}
