"""A fee that the authority bears is owed by the centre's operators: its limit no longer runs against the buyer."""

from django.db import migrations


def hand_over(apps, schema_editor):
    order_of, deadline = apps.get_model("orders", "Order"), apps.get_model("kernel", "Deadline")
    for pk in order_of.objects.filter(payer="authority", status="approved").values_list("pk", flat=True):
        rows = deadline.objects.filter(subject=f"order:{pk}", state="open", code="order.payment")
        rows.update(code="order.authority_payment", party=None)


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0010_returns_have_a_reference"),
    ]

    operations = [
        migrations.RunPython(hand_over, migrations.RunPython.noop),
    ]
