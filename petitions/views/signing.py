"""Signing: with an account in one step, or without by a mail to confirm."""

from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from civic.kernel import limits
from civic.kernel.addresses import client_address, network
from civic.kernel.caching import private_page
from petitions.forms import AddressForm, CodeForm, Consent, SignatureForm, SignByMailForm
from petitions.models import Petition, Signature, SignatureRequest, Signer
from petitions.models.request import WrongCode
from petitions.views.visits import ASKED, SIGNED, forget, recall, remember


def shown_petition(pk: int) -> Petition:
    return get_object_or_404(Petition.objects.shown(), pk=pk)


@private_page
def sign(request, pk):
    return (with_account if request.user.is_authenticated else without_account)(request, pk)


def with_account(request, pk):
    ticked = Consent.ticked(request.POST)
    if ticked["consent"]:
        limits.consume("sign", f"account:{request.user.pk}", rate="60/h")
        signer, at = signer_of_account(request.user, ticked), timezone.now()
        if not Signature.add_if_open(pk, signer, at=at):
            shown_petition(pk).sign(signer, at=at)
        return HttpResponseRedirect(reverse("petitions:thanks", args=[pk]))
    # One's own signature stays in reach under a petition that was hidden since.
    own = Signature.objects.of_account(pk, request.user).select_related("petition").first()
    if own and not own.withdrawn_at:
        return own_page(request, own, "account")
    return sign_page(request, shown_petition(pk), Consent(request.POST or None), "petitions/sign_with_account.html")


def without_account(request, pk):
    petition = shown_petition(pk)
    form = SignByMailForm(request.POST or None)
    if form.is_valid():
        # Generous: a library or a school shares one address.
        limits.consume("sign", network(client_address(request)), rate="200/h")
        asked = SignatureRequest.ask(petition, signer_of_form(form.cleaned_data), at=timezone.now())
        remember(request, ASKED, petition.pk, asked.nonce.hex)
        return redirect("petitions:code", petition.pk)
    return sign_page(request, petition, form, "petitions/sign.html")


def sign_page(request, petition, form, template):
    petition.check_open(at=timezone.now())
    return render(request, template, {"petition": petition, "form": form}, status=422 if form.is_bound else 200)


@private_page
def code(request, pk):
    """After asking: the six digits, the address corrected, the mail again."""
    asked = asked_of(request, pk)
    if asked is None:
        return redirect("petitions:sign", pk)
    form = CodeForm(request.POST or None)
    if form.is_valid():
        limits.consume("sign-code", network(client_address(request)), rate="100/h")
        try:
            signed(request, pk, asked.confirm_by_code(form.cleaned_data["code"], at=timezone.now()))
        except WrongCode as refusal:
            # Told beside the field, where the digits can be typed again.
            form.add_error("code", refusal.sentence)
        else:
            return redirect("petitions:thanks", pk)
    return code_page(request, asked, form=form)


def code_page(request, asked, *, form=None, address_form=None):
    context = {
        "petition": asked.petition,
        "asked": asked,
        "form": form or CodeForm(),
        "address_form": address_form or AddressForm(),
    }
    invalid = any(f and f.is_bound for f in (form, address_form))
    return render(request, "petitions/code.html", context, status=422 if invalid else 200)


@require_POST
@private_page
def change_address(request, pk):
    asked, form = asked_of(request, pk), AddressForm(request.POST)
    if asked is None:
        return redirect("petitions:sign", pk)
    if not form.is_valid():
        return code_page(request, asked, address_form=form)
    limits.consume("sign", network(client_address(request)), rate="200/h")
    asked = asked.change_address(form.cleaned_data["email"], at=timezone.now())
    remember(request, ASKED, pk, asked.nonce.hex)
    return redirect("petitions:code", pk)


@require_POST
@private_page
def write_again(request, pk):
    asked = asked_of(request, pk)
    if asked is not None:
        remember(request, ASKED, pk, asked.write_again(at=timezone.now()).nonce.hex)
    return redirect("petitions:code", pk)


@require_safe
@private_page
def thanks(request, pk):
    """Thanks to who has just signed; to anyone else who opens this address, the petition."""
    petition = get_object_or_404(Petition.objects.shown().select_related("counter"), pk=pk)
    signature = signature_of_session(request, petition)
    if signature is None:
        return redirect(petition)
    return render(request, "petitions/thanks.html", {"petition": petition, "signature": signature})


def own_page(request, signature, way, *, form=None):
    """The signer's own page, reached by a mail's link or with the account (`way`: "link" or "account")."""
    context = {
        "signature": signature,
        "petition": signature.petition,
        "form": form or SignatureForm(instance=signature),
        "way": way,
    }
    return render(request, "petitions/own.html", context, status=422 if form else 200)


def signer_of_account(user, choices) -> Signer:
    return Signer(
        email=user.email,
        name=user.name,
        postal_code=user.postal_code,
        quarter_id=user.quarter_id,
        user_id=user.pk,
        shows_name=choices["shows_name"],
        wants_news=choices["wants_news"],
    )


def signer_of_form(typed) -> Signer:
    return Signer(
        email=typed["email"],
        name=typed["name"],
        postal_code=typed["postal_code"],
        quarter_id=typed["quarter"].pk if typed["quarter"] else None,
        shows_name=typed["shows_name"],
        wants_news=typed["wants_news"],
    )


def signed(request, petition_pk, signature_pk):
    """Remember who signed, and forget what was asked."""
    remember(request, SIGNED, petition_pk, signature_pk)
    forget(request, ASKED, petition_pk)


def asked_of(request, pk) -> SignatureRequest | None:
    """What this visitor asked for here, unless somebody else has asked for that mailbox since: that is another's."""
    asked = recall(request, ASKED, pk)
    return SignatureRequest.objects.filter(nonce=asked, petition_id=pk).select_related("petition").first()


def signature_of_session(request, petition) -> Signature | None:
    """What this visitor has signed here, just now or with the account; nothing that no longer counts."""
    just_signed = recall(request, SIGNED, petition.pk)
    signature = Signature.objects.counting().filter(pk=just_signed, petition=petition).exclude(name="").first()
    own = signature or petition.signature_of(request.user)
    return own if own and own.counts else None
