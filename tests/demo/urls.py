"""The product's addresses with the demo's, whether or not the suite runs with CIVIC_DEMO."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from civic.urls import handler500
from civic.urls import urlpatterns as without_demo

__all__ = ["handler500", "urlpatterns"]

urlpatterns = [
    *i18n_patterns(path("demo/", include("civic.demo.urls")), prefix_default_language=False),
    *without_demo,
]
