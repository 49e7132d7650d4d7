"""Sign-in pages (django-allauth) and a person's own settings."""

from django.urls import include, path

from accounts import views

urlpatterns = [
    path("accounts/", include("allauth.account.urls")),
    path("settings/language/", views.set_language, name="set-language"),
    path("settings/theme/", views.set_theme, name="set-theme"),
]
