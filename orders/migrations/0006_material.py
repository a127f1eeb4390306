"""Papers the client files, one row each."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def name_what_is_there(apps, schema_editor):
    """Papers handed in before had no name of the list."""
    order_of, material = apps.get_model("orders", "Order"), apps.get_model("orders", "Material")
    for file in apps.get_model("kernel", "Attachment").objects.filter(purpose="material", subject__startswith="order:"):
        order = order_of.objects.filter(pk=int(file.subject.split(":")[1])).first()
        if order is not None:
            by = file.uploaded_by_id or order.placed_by_id
            material.objects.create(order=order, file=file, filed_at=file.uploaded_at, filed_by_id=by)


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("orders", "0005_money_that_does_not_fit"),
    ]

    operations = [
        migrations.CreateModel(
            name="Material",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(blank=True, max_length=200, verbose_name="资料")),
                ("filed_at", models.DateTimeField(verbose_name="上传时间")),
                (
                    "file",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kernel.attachment",
                        verbose_name="文件",
                    ),
                ),
                (
                    "filed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="materials", to="orders.order"
                    ),
                ),
            ],
            options={"verbose_name": "业主资料", "ordering": ["order", "id"]},
        ),
        migrations.RunPython(name_what_is_there, migrations.RunPython.noop),
    ]
