"""The signer's own page and acts, by the link of a mail or with the account."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from civic.kernel.caching import private_page
from civic.kernel.keyset import keyset_page
from petitions.forms import SignatureForm
from petitions.models import Petition, Signature, SignatureRequest
from petitions.models.links import LinkGone
from petitions.views.signing import own_page, signed

SIZE = 20


def own_signature(request, pk: int, token: str = "") -> Signature:
    """The visitor's signature under this petition. Raises LinkGone, or 404 where there is none."""
    if token:
        signature = Signature.objects.from_link(pk, token)
        if signature is None:
            raise LinkGone
        return signature
    petition = Petition.objects.filter(pk=pk).first()
    own = petition.signature_of(request.user) if petition else None
    if own is None:
        raise Http404
    return own


@require_safe
@login_required
@private_page
def signatures(request):
    """Those given with the account; the others are known by their mails alone."""
    given = Signature.objects.filter(user=request.user).select_related("petition")
    cursor = request.GET.get("apres", "")
    page = keyset_page(given, order=("-signed_at", "-pk"), cursor=cursor, size=SIZE)
    context = {
        "signatures": page.items,
        "next_url": f"?apres={page.next_cursor}" if page.next_cursor else "",
        "first_url": request.path if cursor else "",
    }
    return render(request, "petitions/signatures.html", context)


@require_safe
@private_page
def link(request, pk, token):
    """What the link of a mail opens: a button to confirm; once confirmed, the signer's own page."""
    asked = SignatureRequest.from_link(pk, token)
    if asked:
        # A text that was hidden since is not shown here either.
        asked.check_valid(at=timezone.now())
        return render(request, "petitions/confirm.html", {"asked": asked, "petition": asked.petition, "token": token})
    return own_page(request, own_signature(request, pk, token), "link")


@require_POST
@private_page
def confirm(request, pk, token):
    asked = SignatureRequest.from_link(pk, token)
    # The link was used already: its holder has signed, and is thanked again.
    signature_pk = asked.confirm(at=timezone.now()) if asked else own_signature(request, pk, token).pk
    signed(request, pk, signature_pk)
    return redirect("petitions:thanks", pk)


@require_POST
@private_page
def correct(request, pk, token=""):
    signature = own_signature(request, pk, token)
    form = SignatureForm(request.POST, instance=signature)
    if not form.is_valid():
        return own_page(request, signature, "link" if token else "account", form=form)
    signature.correct(**form.cleaned_data)
    messages.success(request, _("Your choices are kept."))
    return back(pk, token)


@require_POST
@private_page
def withdraw(request, pk, token=""):
    signature = own_signature(request, pk, token)
    signature.withdraw(at=timezone.now())
    messages.success(request, _("Your signature is withdrawn. The count follows within a few seconds."))
    return back(pk, token) if token else to_petition(signature)


@require_POST
@private_page
def erase(request, pk, token=""):
    signature = own_signature(request, pk, token)
    signature.erase(at=timezone.now())
    messages.success(request, _("What told who you are is erased."))
    return to_petition(signature)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@private_page
def unsubscribe(request, pk, token):
    """One click in the mail program (RFC 8058): authorised by the link's own signature, no cookie takes part.

    A program that opens the address instead gets the signer's own page: a GET changes nothing.
    """
    if request.method != "POST":
        return redirect("petitions:link", pk, token)
    own_signature(request, pk, token).stop_news()
    return HttpResponse(_("You will receive no more mails about this petition."), content_type="text/plain")


def to_petition(signature):
    """The petition's page, or the list where it is no longer shown."""
    is_shown = Petition.objects.shown().filter(pk=signature.petition_id).exists()
    return redirect(signature.petition if is_shown else "petitions:list")


def back(pk, token):
    return redirect("petitions:link", pk, token) if token else redirect("petitions:sign", pk)
