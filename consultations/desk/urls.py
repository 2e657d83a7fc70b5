"""Pages of clerks, under /consultations/bureau/."""

from django.urls import path

from consultations.desk.views import (
    codes,
    counting,
    documents,
    life,
    lists,
    preview,
    questions,
    reading,
    residences,
    roll,
    scrutineers,
    writing,
)

app_name = "clerk"

urlpatterns = [
    path("", reading.consultations, name="list"),
    path("nouvelle/", writing.new, name="new"),
    path("residences/", residences.find, name="residences"),
    path("residences/personne/", residences.verify, name="residence"),
    path("listes/", lists.lists, name="lists"),
    path("listes/import/", lists.import_list, name="list-import"),
    path("<int:pk>/", reading.consultation, name="consultation"),
    path("<int:pk>/apercu/", preview.preview, name="preview"),
    path("<int:pk>/apercu/bulletin/", preview.rehearse, name="rehearse"),
    path("<int:pk>/questions/", questions.questions, name="questions"),
    path("<int:pk>/questions/nouvelle/", questions.new_question, name="question-new"),
    path("<int:pk>/questions/<int:question>/", questions.question, name="question"),
    path("<int:pk>/questions/<int:question>/reponse/", questions.way, name="way"),
    path("<int:pk>/questions/<int:question>/suppression/", questions.remove_question, name="question-remove"),
    path("<int:pk>/questions/<int:question>/choix/nouveau/", questions.new_option, name="option-new"),
    path("<int:pk>/questions/<int:question>/choix/import/", questions.import_options, name="options-import"),
    path("<int:pk>/questions/<int:question>/choix/<int:option>/", questions.option, name="option"),
    path("<int:pk>/questions/<int:question>/choix/<int:option>/place/", questions.arrange, name="arrange"),
    path("<int:pk>/documents/", documents.documents, name="documents"),
    path("<int:pk>/documents/<int:document>/suppression/", documents.remove_document, name="document-remove"),
    path("<int:pk>/scrutateurs/", scrutineers.scrutineers, name="scrutineers"),
    path("<int:pk>/scrutateurs/<int:scrutineer>/suppression/", scrutineers.remove, name="scrutineer-remove"),
    path("<int:pk>/publication/", life.publish, name="publish"),
    path("<int:pk>/correction/", life.correct, name="correct"),
    path("<int:pk>/correction/limites/<int:question>/", life.correct_limits, name="correct-limits"),
    path("<int:pk>/correction/<int:option>/", life.correct_option, name="correct-option"),
    path("<int:pk>/report/", life.extend, name="extend"),
    path("<int:pk>/retrait/", life.withdraw, name="withdraw"),
    path("<int:pk>/emargement/", roll.roll, name="roll"),
    path("<int:pk>/emargement/inscription/", roll.enter, name="roll-enter"),
    path("<int:pk>/codes/", codes.codes, name="codes"),
    path("<int:pk>/codes/lettres/", codes.letters, name="letters"),
    path("<int:pk>/depouillement/", counting.count, name="count"),
    path("<int:pk>/proclamation/", counting.proclaim, name="proclaim"),
    path("<int:pk>/decision/", life.decide, name="decide"),
    path("<int:pk>/<slug:name>/", writing.section, name="section"),
]
