"""An order keeps the list of papers it was placed on; those placed before get the list of their item as it is now."""

from django.db import migrations, models


def keep_the_list(apps, schema_editor):
    orders = apps.get_model("orders", "Order").objects
    items = apps.get_model("agencies", "ServiceItem").objects.filter(pk__in=orders.values("item"))
    for item in items:
        # No English was written down with them: they are read in what the catalogue says
        papers = [{"zh": str(name), "en": ""} for name in dict.fromkeys(item.materials)]
        if papers:
            orders.filter(item=item).update(papers=papers)


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0011_authority_owes_its_fee"),
    ]

    operations = [
        migrations.AddField(
            model_name="order",
            name="papers",
            field=models.JSONField(blank=True, default=list, verbose_name="业主应提供的资料"),
        ),
        migrations.RunPython(keep_the_list, migrations.RunPython.noop),
    ]
