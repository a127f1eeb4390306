from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0012_order_papers"),
    ]

    operations = [
        migrations.AlterField(
            model_name="deliverable",
            name="status",
            field=models.CharField(
                choices=[
                    ("submitted", "待验收"),
                    ("changes", "需修改"),
                    ("returned", "送审后修改"),
                    ("approved", "已验收"),
                ],
                default="submitted",
                max_length=10,
                verbose_name="状态",
            ),
        ),
    ]
