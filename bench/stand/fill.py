"""Fills the database of DATABASE_URL; prints the petition of pgbench, ours, and the first account less 1."""

import sys

from bench.stand import content
from civic.accounts.models import User

if __name__ == "__main__":
    rows, people, *more = [int(word) for word in sys.argv[1:]]
    petition = content.open_petition()
    content.signatures(petition, rows)
    if people:
        content.signers(people)
    if more:
        content.many_petitions(more[0])
    content.settle()
    first = User.objects.filter(email="p1@bench.example").values_list("pk", flat=True).first() or 1
    print(content.open_petition("La meme pour pgbench").pk, petition.pk, first - 1)
