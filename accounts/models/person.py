"""The person: signs in by e-mail, has a role, a language and a theme."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts import rules


class UserManager(BaseUserManager["User"]):
    """Makes people; addresses are kept in lower case, so that Alice@ and alice@ are one person."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, **{**fields, "role": rules.Role.SUPER_ADMIN})

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)

    def locked(self, user_id: int) -> "User":
        """The row, locked first of all rows of a transaction (user, generation, attempt, balance)."""
        return self.select_for_update(no_key=True).get(pk=user_id)


class User(AbstractBaseUser):
    email = models.EmailField(_("e-mail"), max_length=254)
    role = models.CharField(_("role"), max_length=16, choices=rules.Role.choices, default=rules.Role.USER)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    language = models.CharField(_("language"), max_length=8, blank=True, default="")
    theme = models.CharField(_("theme"), max_length=8, blank=True, default="")
    # How many generations may work at once; empty means the studio's rule.
    max_active = models.PositiveSmallIntegerField(_("active at once"), null=True, blank=True)
    # Since when nothing more of what stands in this person's line is started; empty while it moves.
    paused_at = models.DateTimeField(_("line paused since"), null=True, blank=True, editable=False)
    # Counts the changes this person's pages have to show. The row lock makes commit order equal to its order.
    seq = models.BigIntegerField(default=0, editable=False)
    # At which of them what the person is notified of changed last.
    notified_seq = models.BigIntegerField(default=0, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="person_email_once"),
            models.CheckConstraint(condition=models.Q(role__in=rules.Role.values), name="person_role_known"),
            models.CheckConstraint(
                condition=models.Q(max_active__isnull=True) | models.Q(max_active__lte=50),
                name="person_max_active_range",
            ),
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def is_paused(self) -> bool:
        """What waits in their line stays there until they say otherwise."""
        return self.paused_at is not None

    @property
    def is_staff(self) -> bool:
        """May enter Django admin."""
        return rules.may_enter_admin(self)

    @property
    def is_superuser(self) -> bool:
        return rules.may_run_the_studio(self)

    def has_perm(self, perm: str, obj: object = None) -> bool:
        return self.is_active and rules.has_model_permission(self, perm)

    def has_perms(self, perm_list: list[str], obj: object = None) -> bool:
        return all(self.has_perm(perm, obj) for perm in perm_list)

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and self.is_staff
