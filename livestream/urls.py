"""Pages of council sessions, under /seances/."""

from django.urls import path

from livestream.views import hands, reading, transcript

app_name = "council"

urlpatterns = [
    path("", reading.sitting_list, name="list"),
    path("documents/<int:pk>/<int:paper>/<int:number>/", reading.paper, name="paper"),
    path("<int:pk>/question/<int:poll>/", hands.poll, name="poll"),
    path("<int:pk>/", reading.short_address, name="short"),
    path("<int:pk>-<slug:slug>/", reading.detail, name="detail"),
    path("<int:pk>-<slug:slug>/transcription/", transcript.transcript, name="transcript"),
]
