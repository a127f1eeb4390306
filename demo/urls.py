from django.urls import path

from demo import views

app_name = "demo"
urlpatterns = [
    path("demo/sign-in/<slug:role>/", views.sign_in, name="sign_in"),
    path("demo/advance/", views.advance, name="advance"),
    path("demo/status/", views.status, name="status"),
]
