"""Pages of consultations, under /consultations/."""

from django.urls import path

from consultations.views import documents, names, reading, results, taking_part, versions

app_name = "consultations"

urlpatterns = [
    path("", reading.consultation_list, name="list"),
    path("documents/<int:pk>/<int:document>/", documents.document, name="document"),
    path("<int:pk>/", reading.short_address, name="short"),
    path("<int:pk>-<slug:slug>/", reading.detail, name="detail"),
    path("<int:pk>/versions/", versions.versions, name="versions"),
    path("<int:pk>/projets/", reading.projects, name="projects"),
    path("<int:pk>/projets/comparer/", reading.compare, name="compare"),
    path("<int:pk>/projets/<int:option>/", reading.project, name="project"),
    path("<int:pk>/participer/", taking_part.take_part, name="take-part"),
    path("<int:pk>/code/", taking_part.by_code, name="code"),
    path("<int:pk>/pourquoi/", taking_part.why, name="why"),
    path("<int:pk>/resultats/", results.result, name="results"),
    path("<int:pk>/bulletins/", results.ballots, name="ballots"),
    path("<int:pk>/noms/", names.names, name="names"),
    path("<int:pk>/mon-nom/", names.own_name, name="own-name"),
    path("<int:pk>/resultats/<slug:slug>/", results.question, name="result-question"),
    path("<int:pk>/resultats/<slug:slug>/etapes/", results.steps, name="result-steps"),
]
