"""Pages of council sessions, under /seances/. What follows `lien/` is a secret and is masked in logs."""

from django.urls import path

from livestream.views import following, hands, reading, transcript

app_name = "council"

urlpatterns = [
    path("", reading.sitting_list, name="list"),
    path("documents/<int:pk>/<int:paper>/<int:number>/", reading.paper, name="paper"),
    path("<int:pk>/question/<int:poll>/", hands.poll, name="poll"),
    path("suivre/", following.places, name="follow-places"),
    path("suivre/lien/<str:token>/", following.stop, name="stop"),
    path("<int:pk>/suivre/", following.sitting, name="follow"),
    path("<int:pk>/", reading.short_address, name="short"),
    path("<int:pk>-<slug:slug>/", reading.detail, name="detail"),
    path("<int:pk>-<slug:slug>/transcription/", transcript.transcript, name="transcript"),
]
