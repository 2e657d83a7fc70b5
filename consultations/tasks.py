"""What the worker does for consultations."""

from procrastinate.contrib.django import app

from consultations import telling
from consultations.models import Version


@app.task(name="consultations.tell_corrected")
def tell_corrected(version_id: int) -> None:
    """Those who had voted before a correction are told of it."""
    telling.tell_corrected(Version.objects.select_related("consultation").get(pk=version_id))
