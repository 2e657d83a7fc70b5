"""One's own account, beside allauth's pages under the same prefix."""

from django.urls import path

from civic.accounts import views

app_name = "accounts"

urlpatterns = [
    path("", views.home, name="home"),
    path("sessions/<int:pk>/close/", views.close_session, name="close-session"),
]
