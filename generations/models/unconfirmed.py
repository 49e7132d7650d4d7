"""The generations of the money desk: the same rows under another name, for a list of their own."""

from django.utils.translation import gettext_lazy as _

from generations.models.generation import Generation


class Unconfirmed(Generation):
    """A paid request whose answer never came. See GenerationQuerySet.on_the_desk."""

    class Meta:
        proxy = True
        verbose_name = _("payment in doubt")
        verbose_name_plural = _("payments in doubt")
