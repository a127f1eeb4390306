"""Routes without a language: for machines, files and switches."""

from django.urls import path

from kernel.ui import stylesheet
from kernel.views import elder, files, health, offline

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("ui/<str:digest>.css", stylesheet.serve, name="stylesheet"),
    path("sw.js", offline.worker, name="service_worker"),
    path("offline/", offline.page, name="offline"),
    path("elder/", elder.switch, name="elder"),
    path("files/<int:pk>/", files.download, name="file"),
]
