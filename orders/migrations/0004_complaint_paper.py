"""A complaint may come with a paper."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0001_initial"),
        ("orders", "0003_review_paper_and_objection"),
    ]

    operations = [
        migrations.AddField(
            model_name="complaint",
            name="paper",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="kernel.attachment",
            ),
        ),
    ]
