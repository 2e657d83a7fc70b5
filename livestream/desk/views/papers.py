"""Documents of a session: added, replaced by newer versions that leave the older ones to be read."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from civic.kernel.pdf import MOST_BYTES
from civic.kernel.uploads import takes_file
from livestream.desk.forms import PaperForm, VersionForm
from livestream.desk.forms.papers import number_of
from livestream.desk.views.doors import form_page, gone, show, sitting_of
from livestream.models import Paper, Sitting, State
from livestream.models.paper import add_paper, add_version, remove_paper


@form_page(PaperForm)
@takes_file(most=MOST_BYTES)
def papers(request, pk):
    """All documents, and the form that adds one."""
    sitting = sitting_of(request, pk)
    form = PaperForm(request.POST or None, request.FILES or None, sitting=sitting)
    if form.is_valid():
        title, item = form.cleaned_data["title"], form.cleaned_data["item"]
        add_paper(sitting, request.user, title=title, item=item, content=form.content, at=timezone.now())
        return added(request, sitting, title, form)
    found = sitting.papers.select_related("item").prefetch_related("versions")
    context = {"sitting": sitting, "papers": found, "can_add": sitting.state != State.CANCELLED}
    return show(request, "papers", context, form=form)


@form_page()
@takes_file(most=MOST_BYTES)
def paper(request, pk, paper):
    """One document with its versions, and the form that adds one."""
    sitting = sitting_of(request, pk)
    found = paper_of(request, sitting, paper)
    form = VersionForm(request.POST or None, request.FILES or None, initial={"seen": number_of(found)})
    if form.is_valid():
        seen = form.cleaned_data["seen"] or 0
        add_version(found, request.user, content=form.content, seen=seen, at=timezone.now())
        return added(request, sitting, found.title, form)
    context = {"sitting": sitting, "paper": found, "is_draft": sitting.state == State.DRAFT}
    return show(request, "paper", context, form=form)


@form_page()
def remove(request, pk, paper):
    """Take a document out of a draft. Its address may come back as a link, after signing in."""
    sitting = sitting_of(request, pk)
    if request.method == "POST":
        found = paper_of(request, sitting, paper)
        remove_paper(found, request.user)
        messages.success(request, _("“%(title)s” is taken away.") % {"title": found.title})
    return redirect("sitting:papers", sitting.pk)


def added(request, sitting: Sitting, title: str, form: VersionForm):
    messages.success(request, _("“%(title)s” is added.") % {"title": title})
    if form.keeps_names:
        said = _("Part of this file can’t be read here: look into its properties whether a name is left in it.")
        messages.warning(request, said)
    return redirect("sitting:papers", sitting.pk)


def paper_of(request, sitting: Sitting, pk: int) -> Paper:
    """A document of that session, with its versions. Raises GoneMeanwhile where something was sent for it."""
    found = sitting.papers.prefetch_related("versions").filter(pk=pk).first()
    if found is None:
        raise gone(request)
    found.sitting = sitting
    return found
