"""The buyer's time for approving no longer runs before an external review has passed: it is the agency's turn to submit."""

from django.db import migrations

from kernel import clock


def hand_over_the_turn(apps, schema_editor):
    order_of, deadline = apps.get_model("orders", "Order"), apps.get_model("kernel", "Deadline")
    rounds = apps.get_model("orders", "ExternalReviewRound").objects
    passed = rounds.filter(result__in=["first_pass", "passed_revised"]).values("order")
    waiting = order_of.objects.filter(status="delivered", external_review=True).exclude(pk__in=passed)
    for order in waiting.select_related("agency"):
        rows = deadline.objects.filter(
            subject=f"order:{order.pk}", state="open", code__in=["order.approve", "order.inspect"]
        )
        if rounds.filter(order=order, result="pending").exists():
            rows.update(state="cancelled", ended_at=clock.now())
        else:
            rows.update(code="order.review", party=order.agency.organisation_id)


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0006_material"),
    ]

    operations = [
        migrations.RunPython(hand_over_the_turn, migrations.RunPython.noop),
    ]
