"""Every address of the product. Pages are French unprefixed and English under /en/; data has no language."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

handler500 = "civic.kernel.errors.server_error"

urlpatterns = [
    *i18n_patterns(
        path("compte/", include("allauth.urls")),
        prefix_default_language=False,
    ),
]
