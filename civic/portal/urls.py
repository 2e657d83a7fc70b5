"""Home and legal pages."""

from django.urls import path

from civic.portal import views

app_name = "portal"

urlpatterns = [
    path("", views.home, name="home"),
    path("aide/", views.page("help"), name="help"),
    path("mentions-legales/", views.page("legal"), name="legal"),
    path("donnees-personnelles/", views.page("privacy"), name="privacy"),
    path("accessibilite/", views.page("accessibility"), name="accessibility"),
    path("eco-conception/", views.page("ecodesign"), name="ecodesign"),
    path("ordre-des-listes/", views.page("ordering"), name="ordering"),
    path("charte-des-petitions/", views.page("charter"), name="charter"),
]
