"""The product's ASGI application with a few kinds of stream, for the servers that the tests start."""

import os

from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "civic.settings")

# Pages without hashed file names: nothing was collected here.
settings.STORAGES = settings.STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}

from django.http import HttpResponse  # noqa: E402
from django.urls import path  # noqa: E402

from civic.asgi import application  # noqa: E402
from civic.realtime import registry  # noqa: E402
from civic.territory.models import Space  # noqa: E402
from civic.urls import urlpatterns  # noqa: E402

__all__ = ["application"]

registry.register("hall", can_read=lambda user, stream: True)
registry.register("desk", can_read=lambda user, stream: user.is_authenticated)
# Hidden by a row, as a petition is.
registry.register("page", can_read=lambda user, stream: not Space.objects.filter(kind=f"hides-{stream.pk}").exists())


def page(request, stream, seq):
    """A page as a cache may have kept it: rendered when the stream stood at `seq`."""
    return HttpResponse(
        f"""<!doctype html><title>.</title><script type="module" src="/live.js"></script>
        <main data-stream="{stream}" data-seq="{seq}" data-lang="fr"><p data-live="line">as rendered</p></main>"""
    )


def module(request):
    return HttpResponse((settings.BASE_DIR / "static/js/live.js").read_bytes(), content_type="text/javascript")


urlpatterns += [path("page/<int:stream>/<int:seq>/", page), path("live.js", module)]
