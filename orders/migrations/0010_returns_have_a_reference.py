"""Nothing is ordered back without a reference and a time; a refund may also be given up after it failed."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0009_returns_ordered_again"),
    ]

    operations = [
        migrations.AlterField(
            model_name="refund",
            name="status",
            field=models.CharField(
                choices=[
                    ("proposed", "待第二人批准"),
                    ("granted", "已批准，待退回"),
                    ("executed", "已退回"),
                    ("refused", "不予退款"),
                    ("failed", "未成功"),
                ],
                default="proposed",
                max_length=10,
                verbose_name="状态",
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=~Q(status="returned") | Q(return_ordered_at__isnull=False, return_reference__isnull=False),
                name="payment_return_is_ordered",
            ),
        ),
    ]
