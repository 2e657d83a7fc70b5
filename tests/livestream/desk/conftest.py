"""Clerks at their desk, before and during a session."""

import pytest
from django.urls import reverse


@pytest.fixture
def desk(colette, sign_in):
    """Colette's browser."""
    return sign_in(colette)


@pytest.fixture
def at_desk(desk):
    """Open or send a page of one session: `at_desk("cancel", sitting)`, `at_desk("cancel", sitting, {"reason": …})`."""

    def at_desk(name, sitting=None, sent=None, /, *, client=desk, **arguments):
        given = {"pk": sitting.pk} | arguments if sitting else arguments
        address = reverse(f"sitting:{name}", kwargs=given)
        return client.get(address) if sent is None else client.post(address, sent)

    return at_desk


@pytest.fixture
def fields_of():
    """What an untouched form of an answer would send, by the form's class name in the context."""

    def fields_of(response):
        form = response.context["form"]
        values = {name: form[name].value() for name in form.fields}
        return {name: "" if value is None else value for name, value in values.items() if value is not False}

    return fields_of
