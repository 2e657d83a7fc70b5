"""Pages of moderators, and what everybody may do or read about moderation, under /moderation/."""

from django.urls import include, path

from civic.moderation.public import answering, register, reporting
from civic.moderation.views import apart, bulk, cases, colleagues, contents, deciding, queue

app_name = "moderation"

urlpatterns = [
    path("", queue.queue, name="queue"),
    path("suivant/", queue.next_case, name="next"),
    path("lot/", bulk.decide_many, name="decide-many"),
    path("lot/annulation/", bulk.undo_many, name="undo-many"),
    path("a-part/", apart.apart, name="apart"),
    path("contenus/<int:pk>/", contents.content, name="content"),
    path("<int:pk>/", cases.case, name="case"),
    path("<int:pk>/prise/", cases.claim, name="claim"),
    path("<int:pk>/prise/renouvellement/", cases.renew, name="renew"),
    path("<int:pk>/prise/fin/", cases.release, name="release"),
    path("<int:pk>/decision/", deciding.decide, name="decide"),
    path("<int:pk>/decision/annulation/", deciding.undo, name="undo"),
    path("<int:pk>/notes/", colleagues.note, name="note"),
    path("<int:pk>/collegue/", colleagues.escalate, name="escalate"),
    path("<int:pk>/mise-a-part/", colleagues.set_apart, name="set-apart"),
    path("<int:pk>/retour/", colleagues.bring_back, name="bring-back"),
    path("<int:pk>/preuve.json", apart.evidence, name="evidence"),
    path("signaler/<int:pk>/", reporting.report, name="report"),
    path("comment-ca-marche/", register.how, name="how"),
    path("recours/<int:pk>/", answering.answer, name="answer"),
    path("registre/", register.register, name="register"),
    path("", include("civic.moderation.team.urls")),
]
