"""PDF documents beside the text: added and taken away while it is a draft."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from civic.kernel.pdf import MOST_BYTES
from civic.kernel.uploads import takes_file
from consultations import drafting
from consultations.desk.forms import DocumentForm
from consultations.desk.views.doors import draft_of, form_page, show


@form_page(DocumentForm)
@takes_file(most=MOST_BYTES)
def documents(request, pk):
    """The documents of a draft, and the form that adds one."""
    consultation = draft_of(request, pk)
    form = DocumentForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        title = form.cleaned_data["title"]
        drafting.add_document(consultation, request.user, title=title, content=form.content)
        messages.success(request, _("“%(title)s” is added.") % {"title": title})
        if form.keeps_names:
            said = _("Part of this file can’t be read here: look into its properties whether a name is left in it.")
            messages.warning(request, said)
        return redirect("clerk:documents", consultation.pk)
    context = {"consultation": consultation, "documents": consultation.documents.all()}
    return show(request, "documents", context, form=form)


@form_page()
def remove_document(request, pk, document):
    """Take a document away. Its address may come back as a link, after signing in: that leads to the list."""
    consultation = draft_of(request, pk)
    if request.method == "POST":
        found = get_object_or_404(consultation.documents, pk=document)
        drafting.remove_document(found, request.user)
        messages.success(request, _("“%(title)s” is taken away.") % {"title": found.title})
    return redirect("clerk:documents", consultation.pk)
