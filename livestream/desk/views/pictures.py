"""The picture: keys that let an encoder in, each shown in one answer alone, and passages cut out of what is shown."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from livestream.desk.forms import CutForm, KeyForm
from livestream.desk.views.doors import form_page, gone, number_in, show, sitting_of
from livestream.models import Cut, Recording, Sitting, StreamKey


@sensitive_variables("secret", "context")
@form_page(CutForm)
def picture(request, pk):
    """Keys and cuts, and the acts on them, each named by its button."""
    sitting, act, at = sitting_of(request, pk), request.POST.get("act"), timezone.now()
    recording = Recording.objects.filter(sitting=sitting).first()
    given = KeyForm(request.POST if act == "give" else None, sitting=sitting)
    cut = CutForm(request.POST if act == "cut" else None)
    secret: str | None = None
    if given.is_valid():
        secret = StreamKey.give(sitting, request.user, at=at, **given.cleaned_data)
    elif cut.is_valid():
        recording_of(request, sitting).cut(request.user, at=at, **cut.cleaned_data)
        messages.success(request, _("Nobody is shown this passage any more."))
    elif act in CHANGES:
        CHANGES[act](request, sitting, at)
    if request.method == "POST" and not secret and not (given.errors or cut.errors):
        return redirect("sitting:picture", sitting.pk)
    context = {
        "sitting": sitting,
        "recording": recording,
        "keys": sitting.stream_keys.select_related("given_by"),
        "cuts": recording.cuts.select_related("made_by") if recording else [],
        "given": given,
        "cut": cut,
        "secret": secret,
        "at": at,
    }
    return show(request, "picture", context, form=cut if cut.errors else given)


def revoke(request, sitting: Sitting, at) -> None:
    key = sitting.stream_keys.filter(pk=number_in(request, "key") or 0).first()
    if key is None:
        raise gone(request)
    key.revoke(request.user, at=at)
    messages.success(request, _("The key lets nobody in any more."))


def restore(request, sitting: Sitting, at) -> None:
    cut_of(request, sitting).take_back(request.user, at=at)
    messages.success(request, _("The passage is shown again."))


def destroy(request, sitting: Sitting, at) -> None:
    cut_of(request, sitting).destroy(request.user, at=at)
    messages.success(request, _("The passage is erased for good."))


CHANGES = {"revoke": revoke, "restore": restore, "destroy": destroy}


def recording_of(request, sitting: Sitting) -> Recording:
    found = Recording.objects.filter(sitting=sitting).first()
    if found is None:
        raise gone(request)
    return found


def cut_of(request, sitting: Sitting) -> Cut:
    cuts = Cut.objects.filter(recording__sitting=sitting).select_related("recording__sitting")
    found = cuts.filter(pk=number_in(request, "cut") or 0).first()
    if found is None:
        raise gone(request)
    return found
