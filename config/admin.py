"""Django admin as a whole: one way in, and other people's lists under our rules. Our own lists are in the apps."""

from typing import Any

from allauth.account.admin import EmailAddressAdmin
from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django_celery_beat.admin import PeriodicTaskAdmin
from django_celery_beat.models import PeriodicTask

from accounts import trail
from config.trail_admin import TrailAdmin

admin.site.site_header = admin.site.site_title = ".base"
# The studio's own sign-in page, which counts attempts; the admin's own form does not.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]


class ActionsForChangers(admin.ModelAdmin[Any]):
    """Actions that ask for no permission are for those who may change the rows; each leaves its entries."""

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        if not self.has_change_permission(request):
            return {}
        actions: Any = super().get_actions(request).items()
        return {name: (trail.noted(action), name, words) for name, (action, _name, words) in actions}


# Roles stand in accounts.rules: nobody is in a group. Second factors are nobody's to look at or change by hand.
admin.site.unregister([Group, PeriodicTask, EmailAddress, Authenticator])
admin.site.register(LogEntry, TrailAdmin)


@admin.register(PeriodicTask)
class StudioPeriodicTaskAdmin(ActionsForChangers, PeriodicTaskAdmin):
    """Switching and running tasks is for super admins."""


@admin.register(EmailAddress)
class StudioEmailAddressAdmin(ActionsForChangers, EmailAddressAdmin):
    """Vouching for an address is for super admins."""
