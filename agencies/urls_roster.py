"""Routes of the roster desk and of claims."""

from django.urls import path

from agencies.views import claims, roster

urlpatterns = [
    path("agency/claim/", claims.claim, name="claim"),
    path("desk/claims/", claims.queue, name="claim_queue"),
    path("desk/claims/<int:pk>/", claims.case, name="claim_case"),
    path("desk/claims/<int:pk>/confirm/", claims.confirm, name="claim_confirm"),
    path("desk/claims/<int:pk>/refuse/", claims.refuse, name="claim_refuse"),
    path("desk/roster/", roster.upload, name="roster"),
    path("desk/roster/sample.<slug:kind>", roster.sample, name="roster_sample"),
    path("desk/roster/<slug:key>/<slug:region>/", roster.preview, name="roster_preview"),
    path("desk/roster/<slug:key>/<slug:region>/import/", roster.confirm, name="roster_confirm"),
]
