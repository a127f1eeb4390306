"""Notices used to be stored in their reader's language alone: those in English get their words where English is read."""

import re

from django.db import migrations

CHINESE = re.compile("[\u3400-\u9fff]")
# Chinese sentences have names in Latin letters in them, and English ones names in Chinese characters.
PROSE = re.compile("[a-z]{2,} [a-z]{2,}")
SOME = 500


def english(text):
    return bool(text) and (not CHINESE.search(text) or bool(PROSE.search(text)))


def copy(apps, schema_editor):
    model = apps.get_model("kernel", "Notification")
    keys = list(model.objects.filter(title_en="").values_list("pk", flat=True))
    for start in range(0, len(keys), SOME):
        rows = [row for row in model.objects.filter(pk__in=keys[start : start + SOME]) if english(row.title)]
        for row in rows:
            row.title_en, row.body_en = row.title, row.body if english(row.body) else ""
        model.objects.bulk_update(rows, ["title_en", "body_en"])


class Migration(migrations.Migration):
    dependencies = [("kernel", "0004_notices_in_both_languages")]

    operations = [migrations.RunPython(copy, migrations.RunPython.noop)]
