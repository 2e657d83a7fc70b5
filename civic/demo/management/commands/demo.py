from django.core.management.base import BaseCommand
from django.utils import timezone

from civic.demo.filling import fill


class Command(BaseCommand):
    help = "Remplit une base vide avec la ville inventée de la démonstration."

    def handle(self, *args, **options):
        filled = fill(now=timezone.now())
        if filled is None:
            self.stdout.write("La base contient déjà des données : la démonstration les garde.")
        else:
            self.stdout.write(
                f"Démonstration : {filled.petitions} pétitions, {filled.signatures} signatures, "
                f"{filled.comments} réactions, {filled.consultations} consultations et {filled.sittings} séances "
                "du conseil, tout inventé sauf le budget participatif de Toulouse."
            )
