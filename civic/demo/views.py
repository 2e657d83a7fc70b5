"""The demo's own pages: who to be, and the mails that were sent."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from civic.accounts.models import User
from civic.demo.cast import CAST
from civic.demo.entrance import become
from civic.demo.keyring import keys_by_consultation
from civic.demo.letters import with_links
from civic.kernel.caching import private_page
from civic.kernel.keyset import keyset_page
from civic.notifications.models import OutgoingMail

MAILS = 20


@require_safe
@private_page
def home(request):
    return render(request, "demo/home.html", {"cast": CAST, "next": request.GET.get("next", "")})


@require_POST
@private_page
def sign_in(request):
    member = next((member for member in CAST if member.key == request.POST.get("who")), None)
    if member is None:
        raise Http404
    become(request, get_object_or_404(User, email=member.email))
    messages.success(request, _("You are now %(name)s.") % {"name": member.name})
    asked = request.POST.get("next", "")
    is_safe = url_has_allowed_host_and_scheme(asked, allowed_hosts={request.get_host()})
    return redirect(asked if is_safe else member.begins_at)


@require_safe
@private_page
def scrutineers_keys(request):
    """Private keys of the demo's scrutineers, for anyone to try the count with."""
    return render(request, "demo/keys.html", {"boxes": keys_by_consultation()})


@require_safe
@private_page
def mailbox(request):
    mails = OutgoingMail.objects.filter(cancelled_at=None).defer("text", "html", "headers")
    cursor = request.GET.get("apres", "")
    page = keyset_page(mails, order=("-created_at", "-pk"), cursor=cursor, size=MAILS)
    context = {
        "page": page,
        "next_url": f"?apres={page.next_cursor}" if page.next_cursor else "",
        "first_url": request.path if cursor else "",
    }
    return render(request, "demo/mailbox.html", context)


@require_safe
@private_page
def mail(request, pk):
    mail = get_object_or_404(OutgoingMail, pk=pk, cancelled_at=None)
    return render(request, "demo/mail.html", {"mail": mail, "text": with_links(mail.text)})
