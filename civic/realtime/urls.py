"""Included without a language prefix: the language of the frames is `?lang=`."""

from django.urls import path

from civic.realtime import views

urlpatterns = [
    path("streams/<int:pk>/", views.catch_up, name="stream"),
]
