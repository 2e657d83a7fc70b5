"""What moderation asks of petitions: how one is shown, and what a decision does to it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from civic.moderation.models import Decision, Subject
from civic.moderation.registry import HIDE, KEEP, PUBLISH, REFUSE, RESTORE, Card, Part, Standing, SubjectKind
from petitions.models import Petition, PetitionState


def describe(subjects: Sequence[Subject]) -> Mapping[int, Card]:
    petitions = Petition.objects.filter(subject__in=subjects).select_related("author", "theme", "quarter")
    return {petition.subject_id: card(petition) for petition in petitions}


def card(petition: Petition) -> Card:
    place = petition.quarter.name if petition.quarter else _("The whole city")
    return Card(
        title=petition.title,
        url=petition.get_absolute_url(),
        revision=petition.revision,
        parts=[
            Part(_("Title"), petition.title),
            Part(_("What is asked"), petition.request),
            Part(_("Details"), petition.details, is_rich=True),
            Part(_("Theme and place"), f"{petition.theme or ''} – {place}"),
        ],
        author_name=petition.author_name,
        author=petition.author,
        standing=standing_of(petition),
        context={"petition": petition},
    )


def standing_of(petition: Petition) -> Standing:
    if petition.state == PetitionState.HIDDEN:
        return Standing.HIDDEN
    return Standing.PUBLIC if petition.is_shown else Standing.HELD


def author_of(subject: Subject):
    return Petition.objects.select_related("author").get(subject=subject).author


def revision_of(subject: Subject) -> int:
    return Petition.objects.select_for_update().get(subject=subject).revision


def apply(subject: Subject, decision: Decision) -> None:
    """What the decision says; moderation writes to the author."""
    petition = Petition.objects.get(subject=subject)
    if decision.action == PUBLISH.name:
        petition.publish(at=decision.at)
    elif decision.action == REFUSE.name and decision.reason:
        petition.refuse(decision.reason, suggestion=decision.suggestion, at=decision.at)
    elif decision.action == HIDE.name:
        petition.hide(at=decision.at)
    elif decision.action == RESTORE.name:
        petition.restore()


def revert(subject: Subject, decision: Decision, at: datetime) -> None:
    """The petition as it stood before. Raises SignedSince where a publication was followed by signatures."""
    petition = Petition.objects.get(subject=subject)
    if decision.action == PUBLISH.name:
        petition.unpublish()
    elif decision.action == REFUSE.name:
        petition.unrefuse()
    elif decision.action == HIDE.name:
        petition.restore()
    elif decision.action == RESTORE.name:
        petition.hide(at=at)


def conceal(subject: Subject, at: datetime) -> None:
    Petition.objects.get(subject=subject).hide(at=at)


def reveal(subject: Subject, at: datetime) -> None:
    Petition.objects.get(subject=subject).restore()


KIND = SubjectKind(
    name="petition",
    label=_("Petition"),
    describe=describe,
    author_of=author_of,
    revision_of=revision_of,
    apply=apply,
    revert=revert,
    conceal=conceal,
    reveal=reveal,
    actions=(PUBLISH, REFUSE, KEEP, HIDE, RESTORE),
)
