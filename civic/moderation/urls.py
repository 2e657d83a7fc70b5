"""Pages of moderators, and what everybody may do or read about moderation, under /moderation/."""

from django.urls import include, path

from civic.moderation import views
from civic.moderation.public import answering, register, reporting

app_name = "moderation"

urlpatterns = [
    path("signaler/<int:pk>/", reporting.report, name="report"),
    path("comment-ca-marche/", register.how, name="how"),
    path("recours/<int:pk>/", answering.answer, name="answer"),
    path("registre/", register.register, name="register"),
    path("", views.queue, name="queue"),
    path("suivant/", views.next_case, name="next"),
    path("", include("civic.moderation.team.urls")),
    path("<int:pk>/", views.case, name="case"),
    path("<int:pk>/prise/", views.claim, name="claim"),
    path("<int:pk>/prise/renouvellement/", views.renew, name="renew"),
    path("<int:pk>/prise/fin/", views.release, name="release"),
    path("<int:pk>/decision/", views.decide, name="decide"),
]
