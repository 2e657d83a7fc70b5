from django.db import migrations

# Code, article of the charter of petitions, short name, and what the author reads. The city's own
# words in its own language; staff may reword or retire them later.
REASONS = [
    (
        "outside_competence",
        "3.1",
        "La demande ne relève pas de la Ville",
        "Ce que vous demandez dépend d’une autre autorité (l’État, la Région, le Département ou la Métropole), "
        "et la Ville ne peut ni le décider ni l’appuyer sous cette forme.",
    ),
    (
        "not_a_request",
        "3.2",
        "Le texte ne demande rien de précis",
        "Nous n’avons pas trouvé dans votre texte ce que vous demandez à la Ville de faire, de changer ou de ne pas "
        "faire.",
    ),
    (
        "incomprehensible",
        "3.3",
        "La demande n’est pas compréhensible",
        "Nous n’avons pas compris votre demande. Elle doit pouvoir être lue et comprise par une personne qui ne "
        "connaît pas le sujet.",
    ),
    (
        "duplicate",
        "3.4",
        "Une pétition ouverte demande déjà la même chose",
        "Une pétition ouverte porte la même demande. Vous pouvez la signer ; deux collectes séparées compteraient "
        "chacune moins.",
    ),
    (
        "personal_attack",
        "4.1",
        "Le texte attaque ou accuse une personne",
        "Votre texte contient une attaque, une insulte ou une accusation contre une personne ou un groupe de personnes "
        "identifiable. Il ne peut pas être rendu public.",
    ),
    (
        "names_person",
        "4.2",
        "Le texte désigne une personne privée",
        "Votre texte nomme une personne privée ou permet de la reconnaître. Une pétition porte sur une situation, pas "
        "sur quelqu’un.",
    ),
    (
        "personal_data",
        "4.3",
        "Le texte contient des informations personnelles",
        "Votre texte contient des informations personnelles (adresse, téléphone, photo, santé d’une autre personne…) "
        "qui ne doivent pas être publiées.",
    ),
    (
        "hate",
        "4.4",
        "Le texte s’en prend à des personnes pour ce qu’elles sont",
        "Votre texte appelle à la haine, à la violence ou à la discrimination, ou rabaisse des personnes pour ce "
        "qu’elles sont. La loi l’interdit.",
    ),
    (
        "advertising",
        "5.1",
        "Le texte fait de la publicité",
        "Votre texte sert à vendre, à faire connaître une entreprise ou à soutenir un parti, une candidature ou une "
        "liste. Les pétitions ne sont pas faites pour cela.",
    ),
]


def reword(apps, schema_editor):
    Reason = apps.get_model("moderation", "Reason")
    # The same ground under the charter's name for it.
    Reason.objects.filter(code="private_person").update(code="names_person")
    for rank, (code, article, label, wording) in enumerate(REASONS, start=1):
        words = {"article": article, "label": label, "wording": wording, "rank": rank}
        Reason.objects.update_or_create(code=code, defaults=words)


def restore_codes(apps, schema_editor):
    apps.get_model("moderation", "Reason").objects.filter(code="names_person").update(code="private_person")


class Migration(migrations.Migration):
    dependencies = [("moderation", "0003_reason_label")]

    operations = [migrations.RunPython(reword, restore_codes)]
