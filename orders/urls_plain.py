"""Routes without a language: the sandbox bank's page and the door for its messages."""

from django.urls import path

from orders.gateways import bank_views

urlpatterns = [
    path("bank/pay/<str:reference>/", bank_views.pay, name="bank_pay"),
    path("pay/webhook/sandbox/", bank_views.webhook, name="sandbox_webhook"),
]
