"""Fills every column that people fill with payloads.

Columns are found from the forms and the models, so that a new one joins by itself, and are filled
straight in the database: what a form would refuse today may have been stored yesterday.
"""

from contextlib import suppress
from importlib import import_module
from inspect import isclass
from pkgutil import walk_packages
from uuid import uuid4

from allauth.account.models import EmailAddress
from django import forms
from django.apps import apps
from django.db import IntegrityError, models, transaction

from civic.accounts.models import User
from civic.comments.models import Comment
from civic.kernel.mailboxes import mailbox_key
from civic.kernel.text import clean_text
from consultations.eligibility import roll_key
from consultations.models import Consultation, OpenBallot, RollEntry, Version, VotedBefore
from consultations.models.publishing import snapshot
from tests.consultations.ballot_box import unfrozen
from tests.gates import inert
from tests.gates.sources import PACKAGES

PAYLOADS = inert.payloads()
# What people fill in under another name than the column's.
ELSEWHERE = {"Consultation.decision"}
# Drawn or made by machines: their alphabet is checked where they are made.
CODES = {"code", "public_key"}


def text_names_of_forms() -> set[str]:
    """Names of the fields in which people type text, in every form of the product."""
    found = set()
    for package in PACKAGES:
        for module in walk_packages(import_module(package).__path__, f"{package}."):
            if module.name.rpartition(".")[2] == "forms":
                for form in vars(import_module(module.name)).values():
                    if isclass(form) and issubclass(form, forms.BaseForm) and hasattr(form, "base_fields"):
                        found |= {name for name, field in form.base_fields.items() if is_text(field)}
    return found


def is_text(field: forms.Field) -> bool:
    typed = not isinstance(field.widget, forms.PasswordInput | forms.HiddenInput)
    return isinstance(field, forms.CharField) and typed


def filled_fields() -> list[models.Field]:
    """Columns of our models that such a field fills."""
    names = text_names_of_forms()
    return [
        field
        for model in apps.get_models()
        if model.__module__.partition(".")[0] in PACKAGES
        for field in model._meta.get_fields()
        if isinstance(field, models.CharField | models.TextField) and not field.choices
        # Codes and parts of addresses are nobody's words.
        if isinstance(field, models.EmailField) or not (field.unique or isinstance(field, models.SlugField))
        if field.name not in CODES
        if {field.name, field.name.rpartition("_")[2]} & names or f"{model.__name__}.{field.name}" in ELSEWHERE
    ]


# One after the other a column's rows hold as many payloads in a turn.
AT_ONCE = 8


def fill(turn: int) -> None:
    """Write payloads into every such column of every row, what is frozen once published included."""
    addresses = dict(User.objects.values_list("pk", "email"))
    with unfrozen():
        for field in filled_fields():
            for number, row in enumerate(field.model._default_manager.order_by("pk")):
                value = payload_for(field, turn + (number % AT_ONCE))
                # What a constraint refuses (a text where a deleted comment has none) can't have been stored.
                with suppress(IntegrityError), transaction.atomic():
                    field.model._default_manager.filter(pk=row.pk).update(**{field.name: value})
        for version in Version.objects.all():
            Version.objects.filter(pk=version.pk).update(content=snapshot(version.consultation))
        follow_addresses(addresses)
    # Made when a text is written, not when it is read.
    for comment in Comment.objects.filter(deleted_at=None):
        Comment.objects.filter(pk=comment.pk).update(html=clean_text(comment.masked_text or comment.text))


def follow_addresses(before: dict[int, str]) -> None:
    """An address is also who somebody is: whoever had voted has still voted, and is still confirmed."""
    now = dict(User.objects.values_list("pk", "email"))
    for pk, email in now.items():
        EmailAddress.objects.filter(user=pk).update(email=email)
    moved = {
        roll_key(consultation, mailbox_key(before[pk])): roll_key(consultation, mailbox_key(email))
        for consultation in Consultation.objects.all()
        for pk, email in now.items()
    }
    for model in (RollEntry, OpenBallot, VotedBefore):
        for key in model.objects.filter(key__in=moved).values_list("key", flat=True):
            model.objects.filter(key=key).update(key=moved[key])


def payload_for(field: models.Field, number: int) -> str:
    length = field.max_length or 5000
    if isinstance(field, models.EmailField):
        local = "".join(c for c in PAYLOADS[number % len(PAYLOADS)] if c.isascii() and c not in '"\\\n\r')
        return f'"{local[:60]}{uuid4().hex[:8]}"@example.org'.lower()
    if length < 500:
        return PAYLOADS[number % len(PAYLOADS)][:length]
    text = ""
    for step in range(len(PAYLOADS)):
        following = f"{text}\n\n{PAYLOADS[(number + step) % len(PAYLOADS)]}"
        if len(following) > length:
            break
        text = following
    return text
