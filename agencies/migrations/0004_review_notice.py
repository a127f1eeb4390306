from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0003_hidden_paused"),
    ]

    operations = [
        migrations.AddField(
            model_name="review",
            name="notice",
            field=models.JSONField(default=dict, verbose_name="公示内容"),
        ),
    ]
