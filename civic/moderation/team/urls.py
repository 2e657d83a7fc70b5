"""The team's own pages, under /moderation/: what it keeps, who is on duty, how it gets along."""

from django.urls import path

from civic.moderation.team import delays, duty, figures, lists
from civic.moderation.team.lists import REASONS, REPLIES, TERMS

urlpatterns = [
    path("reglages/motifs/", lists.index, {"kept": REASONS}, name="reasons"),
    path("reglages/motifs/nouveau/", lists.entry, {"kept": REASONS}, name="reason-new"),
    path("reglages/motifs/<int:pk>/", lists.entry, {"kept": REASONS}, name="reason"),
    path("reglages/mots/", lists.index, {"kept": TERMS}, name="terms"),
    path("reglages/mots/nouveau/", lists.entry, {"kept": TERMS}, name="term-new"),
    path("reglages/mots/essai/", lists.trial, name="term-trial"),
    path("reglages/mots/<int:pk>/", lists.entry, {"kept": TERMS}, name="term"),
    path("reglages/reponses/", lists.index, {"kept": REPLIES}, name="replies"),
    path("reglages/reponses/nouvelle/", lists.entry, {"kept": REPLIES}, name="reply-new"),
    path("reglages/reponses/<int:pk>/", lists.entry, {"kept": REPLIES}, name="reply"),
    path("reglages/astreinte/", duty.roster, name="duty"),
    path("reglages/astreinte/<int:pk>/fin/", duty.end, name="duty-end"),
    path("reglages/delais/", delays.index, name="delays"),
    path("reglages/delais/<int:pk>/", delays.delay, name="delay"),
    path("chiffres/", figures.figures, name="figures"),
]
