"""Pages of clerks about council sessions, under /seances/bureau/."""

from django.urls import path

from livestream.desk.views import agenda, conduct, council, papers, pictures, presence, reading, votes, writing

app_name = "sitting"

urlpatterns = [
    path("", reading.sittings, name="list"),
    path("nouvelle/", writing.new, name="new"),
    path("conseil/", council.members, name="members"),
    path("conseil/import/", council.import_members, name="members-import"),
    path("<int:pk>/", reading.sitting, name="sitting"),
    path("<int:pk>/annonce/", writing.announcement, name="announcement"),
    path("<int:pk>/convocation/", writing.convene, name="convene"),
    path("<int:pk>/annulation/", writing.cancel, name="cancel"),
    path("<int:pk>/conduite/", conduct.conduct, name="conduct"),
    path("<int:pk>/presences/", presence.presence, name="presence"),
    path("<int:pk>/image/", pictures.picture, name="picture"),
    path("<int:pk>/documents/", papers.papers, name="papers"),
    path("<int:pk>/documents/<int:paper>/", papers.paper, name="paper"),
    path("<int:pk>/documents/<int:paper>/suppression/", papers.remove, name="paper-remove"),
    path("<int:pk>/points/nouveau/", agenda.new_item, name="item-new"),
    path("<int:pk>/points/import/", agenda.import_items, name="items-import"),
    path("<int:pk>/points/ordre/", agenda.arrange, name="arrange"),
    path("<int:pk>/points/<int:item>/", agenda.item, name="item"),
    path("<int:pk>/points/<int:item>/vote/", votes.vote, name="vote"),
    path("<int:pk>/points/<int:item>/etat/", agenda.change_state, name="item-state"),
]
