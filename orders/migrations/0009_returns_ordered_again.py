"""An order to return money that does not fit has a reference of its own, so that it can be given again."""

from django.db import migrations, models
from django.db.models import F, Value
from django.db.models.functions import Concat


def name_what_was_ordered(apps, schema_editor):
    """Orders given before were known by the payment's reference; when they were given was not kept."""
    payment = apps.get_model("orders", "Payment")
    payment.objects.filter(status="returned").update(
        return_reference=Concat(Value("B-"), F("reference")), return_ordered_at=F("created_at")
    )


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0008_review_ends_with_the_order"),
    ]

    operations = [
        migrations.AddField(
            model_name="payment",
            name="return_ordered_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="payment",
            name="return_reference",
            field=models.CharField(blank=True, max_length=48, null=True, unique=True),
        ),
        migrations.RunPython(name_what_was_ordered, migrations.RunPython.noop),
    ]
