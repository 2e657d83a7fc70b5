"""Pages of threads and comments, under /commentaires/."""

from django.urls import path

from civic.comments.views import closing, reading, writing

app_name = "comments"

urlpatterns = [
    path("debat/<int:pk>/", reading.thread, name="thread"),
    path("debat/<int:pk>/reagir/", writing.write, name="write"),
    path("debat/<int:pk>/fermeture/", closing.close, name="close"),
    path("debat/<int:pk>/reglages/", closing.arrange, name="arrange"),
    path("<int:pk>/", reading.comment, name="comment"),
    path("<int:pk>/repondre/", writing.reply, name="reply"),
    path("<int:pk>/corriger/", writing.edit, name="edit"),
    path("<int:pk>/supprimer/", writing.withdraw, name="withdraw"),
    path("<int:pk>/soutenir/", writing.support, name="support"),
]
