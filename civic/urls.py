"""Every address of the product. Pages are French unprefixed and English under /en/; data has no language."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from civic.moderation.public import register
from civic.portal import health, views
from consultations import data as consultations_data
from consultations.views import results
from livestream import data as livestream_data
from petitions import data

handler400 = "civic.kernel.errors.bad_request"
handler404 = "civic.kernel.errors.not_found"
handler429 = "civic.accounts.views.too_many_requests"
handler500 = "civic.kernel.errors.server_error"

unprefixed = [
    path("", include("civic.realtime.urls")),
    path("petitions.json", data.petitions_json, name="petitions-json"),
    path("petitions/<int:pk>.json", data.petition_json, name="petition-json"),
    path("petitions/<int:pk>/count.json", data.count_json, name="petition-count-json"),
    path("petitions/nouvelles.atom", data.new_petitions_feed, name="petitions-atom"),
    path("consultations.json", consultations_data.consultations_json, name="consultations-json"),
    path("consultations/nouvelles.atom", consultations_data.new_consultations_feed, name="consultations-atom"),
    path("consultations/<int:pk>/resultats/<str:name>", results.file, name="consultation-file"),
    path("seances.ics", livestream_data.all_ics, name="sittings-ics"),
    path("seances/<int:pk>.ics", livestream_data.sitting_ics, name="sitting-ics"),
    path("seances/nouvelles.atom", livestream_data.sittings_feed, name="sittings-atom"),
    path("deliberations.csv", livestream_data.deliberations_csv, name="deliberations-csv"),
    path("moderation/registre.csv", register.register_csv, name="moderation-register-csv"),
    path("moderation/registre/<int:year>.csv", register.year_csv, name="moderation-year-csv"),
    path("seances/video/", include("livestream.video.urls")),
    path("csp-reports", views.csp_report, name="csp-report"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]

# In the order in which they are asked for: each request is compared with one after the other.
pages = [
    path("petitions/", include("petitions.urls")),
    path("consultations/bureau/", include("consultations.desk.urls")),
    path("consultations/", include("consultations.urls")),
    path("seances/bureau/", include("livestream.desk.urls")),
    path("consultations/<int:pk>/depouillement/", include("consultations.scrutiny.urls")),
    path("seances/", include("livestream.urls")),
    path("", include("civic.portal.urls")),
    path("commentaires/", include("civic.comments.urls")),
    path("moderation/", include("civic.moderation.urls")),
    path("compte/", include("civic.moderation.public.urls")),
    path("compte/", include("civic.accounts.urls")),
    path("compte/", include("allauth.urls")),
]
if settings.DEMO:
    pages.append(path("demo/", include("civic.demo.urls")))

urlpatterns = [*unprefixed, *i18n_patterns(*pages, prefix_default_language=False)]
