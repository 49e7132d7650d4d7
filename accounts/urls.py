"""Sign-in pages (django-allauth) and a person's own settings."""

from django.urls import include, path

from accounts import views

urlpatterns = [
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/totp/activate/", views.ActivateTotp.as_view(), name="mfa_activate_totp"),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("settings/language/", views.set_language, name="set-language"),
    path("settings/theme/", views.set_theme, name="set-theme"),
]
