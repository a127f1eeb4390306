"""Where a repeated form leads is kept whole, however long."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_initial")]

    operations = [
        migrations.AlterField(model_name="idempotencykey", name="location", field=models.TextField(blank=True)),
    ]
