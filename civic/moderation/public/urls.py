"""What moderation keeps about oneself, beside the account's other pages under /compte/."""

from django.urls import path

from civic.moderation.public import reporting, statements

app_name = "my_moderation"

urlpatterns = [
    path("decisions/", statements.decisions, name="decisions"),
    path("decisions/<int:pk>/", statements.decision, name="decision"),
    path("signalements/", reporting.reports, name="reports"),
]
