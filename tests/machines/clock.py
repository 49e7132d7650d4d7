"""Time goes by without anybody waiting: what is written down moves into the past."""

from datetime import timedelta

from django.db.models import DateTimeField, F, Model

from generations.models import Attempt, Delivery, Generation
from providers.models import ProviderHealth, Token, TokenUse
from providers.pool import memory

OF_WORK: tuple[type[Model], ...] = (Generation, Attempt, Delivery, Token, TokenUse, ProviderHealth)
OF_TOKENS: tuple[type[Model], ...] = (Token, TokenUse, ProviderHealth)


def passes(seconds: float, *tables: type[Model]) -> None:
    """Every moment in these tables was so many seconds earlier."""
    by = timedelta(seconds=seconds)
    for table in tables or OF_WORK:
        moments = [field.name for field in table._meta.concrete_fields if isinstance(field, DateTimeField)]
        table._default_manager.update(**{name: F(name) - by for name in moments})
    memory.forget()
