"""Pages of the scrutineers of one consultation, under /consultations/<pk>/depouillement/."""

from django.urls import path

from consultations.scrutiny import views

app_name = "scrutiny"

urlpatterns = [
    path("", views.home, name="home"),
    path("cle/", views.key, name="key"),
    path("cle/essai/", views.test, name="test"),
    path("emargement/", views.roll, name="roll"),
    path("urne/", views.count, name="count"),
    path("urne/avancement/", views.under_way, name="progress"),
    path("proces-verbal/", views.record, name="record"),
]
