from django.db import migrations

# Where the city starts from; staff add to it and switch off what does not serve them.
# A star stands for whatever follows. Insults of persons and groups wait for a reader, rudeness is read sooner.
HELD_WORDS = [
    "bamboula*", "bougnoul*", "connard*", "connasse*", "encul*", "fils de pute", "nègre*", "négro*", "nique ta mère",
    "ntm", "pute", "putes", "sale arabe*", "sale blanc*", "sale juif*", "sale noir*", "sale race", "salope*", "tapette*",
    "tarlouze*", "youpin*",
]  # fmt: skip
RANKED_WORDS = ["abruti*", "con", "conne", "cons", "crétin*", "imbécile*", "pd", "ta gueule", "vos gueules"]
SHORTENERS = [
    "adf.ly", "bit.ly", "buff.ly", "cutt.ly", "goo.gl", "is.gd", "lc.cx", "ouo.io", "ow.ly", "rb.gy", "rebrand.ly",
    "s.id", "shorturl.at", "t.co", "t.ly", "tiny.cc", "tinyurl.com", "urlz.fr", "v.gd",
]  # fmt: skip
UNSEEN = "Raccourcisseur : on ne voit pas où mène le lien."


def add(apps, schema_editor):
    Term = apps.get_model("moderation", "Term")
    rows = [Term(kind="word", pattern=pattern, effect="hold") for pattern in HELD_WORDS]
    rows += [Term(kind="word", pattern=pattern, effect="rank") for pattern in RANKED_WORDS]
    rows += [Term(kind="link", pattern=pattern, effect="hold", note=UNSEEN) for pattern in SHORTENERS]
    Term.objects.bulk_create(rows, ignore_conflicts=True)


def remove(apps, schema_editor):
    patterns = [*HELD_WORDS, *RANKED_WORDS, *SHORTENERS]
    Term = apps.get_model("moderation", "Term")
    found = apps.get_model("moderation", "Match").objects.values("term")
    # What found something stays: its matches name it.
    Term.objects.filter(pattern__in=patterns).exclude(pk__in=found).delete()


class Migration(migrations.Migration):
    dependencies = [("moderation", "0015_terms_and_matches")]

    operations = [migrations.RunPython(add, remove)]
