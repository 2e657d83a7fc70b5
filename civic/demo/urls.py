"""Under /demo/, and only where the demo runs."""

from django.urls import path

from civic.demo import views

app_name = "demo"

urlpatterns = [
    path("", views.home, name="home"),
    path("entree/", views.sign_in, name="sign-in"),
    path("cles/", views.scrutineers_keys, name="keys"),
    path("courrier/", views.mailbox, name="mailbox"),
    path("courrier/<int:pk>/", views.mail, name="mail"),
]
