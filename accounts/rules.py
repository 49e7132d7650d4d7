"""Who may do what. The whole difference between the roles stands here and nowhere else.

user         uses the studio: sees and changes what is theirs.
admin        sees and acts on people's generations, reads money and every list in Django admin.
super_admin  also changes roles, provider tokens, prices, limits and grants, gives charges back and reads the audit
             trail.
"""

from typing import Protocol

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    USER = "user", _("user")
    ADMIN = "admin", _("admin")
    SUPER_ADMIN = "super_admin", _("super admin")


class Person(Protocol):
    role: str
    is_active: bool


def may_enter_admin(person: Person) -> bool:
    return person.is_active and person.role in {Role.ADMIN, Role.SUPER_ADMIN}


def may_act_on_anyones_generations(person: Person) -> bool:
    return may_enter_admin(person)


def may_go_first(person: Person) -> bool:
    """Before other people in the line for a provider's token."""
    return may_enter_admin(person)


def may_read_money(person: Person) -> bool:
    return may_enter_admin(person)


def may_refund(person: Person) -> bool:
    """Give back what was charged. An admin may settle what was never answered, which is not yet anybody's money."""
    return may_run_the_studio(person)


def may_read_the_trail(person: Person) -> bool:
    """What was done in the admin, by whom and why."""
    return may_run_the_studio(person)


def may_run_the_studio(person: Person) -> bool:
    """Roles, provider tokens, prices, limits, grants."""
    return person.is_active and person.role == Role.SUPER_ADMIN


def has_model_permission(person: Person, permission: str) -> bool:
    """Django's own permission names ("app.view_model"): admins look, super admins change."""
    if may_run_the_studio(person):
        return True
    return may_enter_admin(person) and permission.partition(".")[2].startswith("view_")
