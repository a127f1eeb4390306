"""The back office of texts, catalogue and settings; and the files editors upload."""

from django.conf import settings
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from django.views.static import serve
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

urlpatterns = [
    # One door for everybody: allauth's, with its limits. Wagtail's own has none.
    path("back-office/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    re_path(r"^back-office/password_reset/", RedirectView.as_view(pattern_name="account_reset_password")),
    path("back-office/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    re_path(r"^media/(?P<path>(?:images|original_images)/.*)$", serve, {"document_root": settings.MEDIA_ROOT}),
]
