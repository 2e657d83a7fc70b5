"""Telling people who had voted that the text they read was corrected since: once each, and nobody else."""

from django.db import transaction

from civic.notifications import outbox
from consultations.eligibility import keys_of_accounts
from consultations.models import Version, VotedBefore

BATCH = 200


def tell_corrected(version: Version) -> int:
    """Write to everyone who had voted at the moment of the correction; returns to how many.

    The roll knows no addresses: the key of each account is looked up among those kept for this correction, and each
    key goes with its mail. What is left at the end has no account.
    """
    waiting = set(VotedBefore.objects.filter(version=version).values_list("key", flat=True))
    people = [(user, key) for user, key in keys_of_accounts(version.consultation) if key in waiting]
    for start in range(0, len(people), BATCH):
        with transaction.atomic():
            for user, _key in people[start : start + BATCH]:
                outbox.post(
                    f"consultations.corrected:{version.pk}:{user.pk}",
                    user.email,
                    "consultation_corrected",
                    {"consultation": version.consultation, "version": version, "name": user.name},
                    language=user.language,
                    bulk=True,
                )
            told = [key for _user, key in people[start : start + BATCH]]
            VotedBefore.objects.filter(version=version, key__in=told).delete()
    VotedBefore.objects.filter(version=version).delete()
    return len(people)
