"""Each app brings its own routes; this file only says where they hang."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

# Without a language prefix: machines, files, and the back office.
urlpatterns = [
    path("", include("kernel.urls_plain")),
    path("", include("orders.urls_plain")),
    path("", include("cms.urls_plain")),
]

# zh-Hans at /, English at /en/. cms comes last: Wagtail answers what nobody else does.
urlpatterns += i18n_patterns(
    path("accounts/", include("allauth.account.urls")),
    path("", include("kernel.urls")),
    path("", include("agencies.urls")),
    path("", include("credit.urls")),
    path("", include("orders.urls")),
    path("", include("market.urls")),
    path("", include("demo.urls")),
    path("", include("cms.urls")),
    prefix_default_language=False,
)
