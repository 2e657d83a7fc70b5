"""Pages of moderators, under /moderation/."""

from django.urls import path

from civic.moderation import views

app_name = "moderation"

urlpatterns = [
    path("", views.queue, name="queue"),
    path("suivant/", views.next_case, name="next"),
    path("<int:pk>/", views.case, name="case"),
    path("<int:pk>/prise/", views.claim, name="claim"),
    path("<int:pk>/prise/renouvellement/", views.renew, name="renew"),
    path("<int:pk>/prise/fin/", views.release, name="release"),
    path("<int:pk>/decision/", views.decide, name="decide"),
]
