"""The product's ASGI application with a few kinds of stream, for the servers that the tests start."""

from django.conf import settings
from django.http import HttpResponse
from django.urls import path

from civic.asgi import application
from civic.realtime import registry
from civic.territory.models import Space
from civic.urls import urlpatterns

__all__ = ["application"]

registry.register("hall", can_read=lambda user, stream: True)
registry.register("desk", can_read=lambda user, stream: user.is_authenticated)
# Hidden by a row, as a petition is.
registry.register("page", can_read=lambda user, stream: not Space.objects.filter(kind=f"hides-{stream.pk}").exists())


def page(request, stream, seq):
    """A page as a cache may have kept it: rendered when the stream stood at `seq`."""
    return HttpResponse(
        f"""<!doctype html><title>.</title><script type="module" src="/live.js"></script>
        <main data-stream="{stream}" data-seq="{seq}" data-lang="fr"><p data-live="line">as rendered</p>
        <p data-unreached hidden>lost</p></main>"""
    )


def module(request, name):
    return HttpResponse((settings.BASE_DIR / "static/js" / name).read_bytes(), content_type="text/javascript")


modules = [path(name, module, {"name": name}) for name in ("live.js", "items.js")]
urlpatterns += [path("page/<int:stream>/<int:seq>/", page), *modules]
