from django.db import migrations

# The charter's own words, in the language of the city; staff may reword or retire them later.
REASONS = [
    ("outside_competence", "Article 2", "La demande ne relève pas de la compétence de la commune."),
    ("not_a_request", "Article 2", "Le texte ne formule pas de demande adressée à la commune."),
    ("duplicate", "Article 3", "Une pétition ouverte porte déjà la même demande."),
    ("incomprehensible", "Article 3", "Le texte ne permet pas de comprendre ce qui est demandé."),
    ("personal_attack", "Article 4", "Le texte met en cause une personne ou un groupe de façon injurieuse ou diffamatoire."),
    ("hate", "Article 4", "Le texte incite à la haine, à la discrimination ou à la violence."),
    ("private_person", "Article 5", "Le texte vise une personne privée ou un litige particulier."),
    ("personal_data", "Article 5", "Le texte contient des données personnelles qui ne doivent pas être rendues publiques."),
    ("advertising", "Article 6", "Le texte fait la promotion d'une activité commerciale ou d'une candidature."),
]


def add(apps, schema_editor):
    Reason = apps.get_model("moderation", "Reason")
    Reason.objects.bulk_create(
        [Reason(code=code, article=article, wording=wording, rank=rank) for rank, (code, article, wording) in enumerate(REASONS)],
        ignore_conflicts=True,
    )


def remove(apps, schema_editor):
    apps.get_model("moderation", "Reason").objects.filter(code__in=[code for code, *_rest in REASONS]).delete()


class Migration(migrations.Migration):
    dependencies = [("moderation", "0001_initial")]

    operations = [migrations.RunPython(add, remove)]
