"""Documents of a consultation, under a path of their own: files to keep, never pages of this site."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from civic.kernel.caching import private_page
from consultations.models import Document

# Should a browser show the file all the same: nothing in it runs, and it asks for nothing.
NOTHING_RUNS = "default-src 'none'; sandbox"


@require_safe
@private_page
def document(request, pk, document):
    """The file as it was added. Those of a draft are for clerks."""
    with_content = Document.objects.defer(None).select_related("consultation__space")
    found = get_object_or_404(with_content, pk=document, consultation=pk)
    if not found.consultation.is_published and not found.consultation.can_be_run_by(request.user):
        raise Http404
    response = HttpResponse(bytes(found.content), content_type="application/pdf")
    name = slugify(found.title) or "document"
    response["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = NOTHING_RUNS
    return response
