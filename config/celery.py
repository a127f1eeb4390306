"""The worker's application. Celery only nudges; what must happen is a row (see docs/decisions)."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("chengxuan")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
