"""A case remembers whose order brought it, so that officers whom it concerns are kept from it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("credit", "0001_initial")]

    operations = [
        migrations.AddField(model_name="case", name="client_key", field=models.CharField(blank=True, max_length=60)),
    ]
