"""Pages of petitions, under /petitions/. What follows `lien/` is a secret and is masked in logs."""

from django.urls import path

from petitions.views import own, reading, signing, writing

app_name = "petitions"

urlpatterns = [
    path("<int:pk>/signature/", signing.sign, name="sign"),
    path("", reading.petition_list, name="list"),
    path("nouvelle/", writing.new, name="new"),
    path("miennes/", writing.mine, name="mine"),
    path("signatures/", own.signatures, name="signatures"),
    path("<int:pk>/", reading.short_address, name="short"),
    path("<int:pk>-<slug:slug>/", reading.detail, name="detail"),
    path("<int:pk>/ecrire/<slug:step>/", writing.write, name="write"),
    path("<int:pk>/signature/code/", signing.code, name="code"),
    path("<int:pk>/signature/adresse/", signing.change_address, name="change-address"),
    path("<int:pk>/signature/renvoi/", signing.write_again, name="write-again"),
    path("<int:pk>/signature/merci/", signing.thanks, name="thanks"),
    path("<int:pk>/signature/lien/<str:token>/", own.link, name="link"),
    path("<int:pk>/signature/lien/<str:token>/confirmer/", own.confirm, name="link-confirm"),
    path("<int:pk>/signature/lien/<str:token>/choix/", own.correct, name="link-correct"),
    path("<int:pk>/signature/lien/<str:token>/retrait/", own.withdraw, name="link-withdraw"),
    path("<int:pk>/signature/lien/<str:token>/effacement/", own.erase, name="link-erase"),
    path("<int:pk>/signature/lien/<str:token>/desabonnement/", own.unsubscribe, name="link-unsubscribe"),
    path("<int:pk>/signature/mienne/choix/", own.correct, name="correct"),
    path("<int:pk>/signature/mienne/retrait/", own.withdraw, name="withdraw"),
    path("<int:pk>/signature/mienne/effacement/", own.erase, name="erase"),
]
