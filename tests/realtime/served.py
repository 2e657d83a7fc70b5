"""The product's ASGI application with a few kinds of stream, for the servers that the tests start."""

from civic.asgi import application
from civic.realtime import registry
from civic.territory.models import Space

__all__ = ["application"]

registry.register("hall", can_read=lambda user, stream: True)
registry.register("desk", can_read=lambda user, stream: user.is_authenticated)
# Hidden by a row, as a petition is.
registry.register("page", can_read=lambda user, stream: not Space.objects.filter(kind=f"hides-{stream.pk}").exists())
