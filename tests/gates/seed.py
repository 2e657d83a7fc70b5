"""`python -m tests.gates.seed`: makes the world in DATABASE_URL, prints what a browser needs to know of it."""

import sys

import django

django.setup()

from django.utils import timezone  # noqa: E402

from tests.gates.world import build  # noqa: E402

if __name__ == "__main__":
    sys.stdout.write(build(timezone.now()).as_json())
