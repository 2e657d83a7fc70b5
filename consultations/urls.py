"""Pages of consultations, under /consultations/."""

from django.urls import URLPattern

app_name = "consultations"

urlpatterns: list[URLPattern] = []
