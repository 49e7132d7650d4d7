"""How amounts and lengths of time are written for people, in their language."""

from decimal import Decimal

from django.utils import formats

from accounts.credits import MILLI


def credits_text(millicredits: int) -> str:
    """Credits with up to two decimals and grouped thousands: 1,240.5 or 1 240,5."""
    amount = (Decimal(millicredits) / MILLI).quantize(Decimal("0.01")).normalize()
    places = max(0, -int(amount.as_tuple().exponent))
    return formats.number_format(amount, decimal_pos=places, use_l10n=True, force_grouping=True)


def number_text(number: int) -> str:
    """With grouped thousands."""
    return formats.number_format(number, use_l10n=True, force_grouping=True)


def clock_text(seconds: float) -> str:
    """Minutes and seconds: 0:03, 12:40."""
    minutes, rest = divmod(max(0, int(seconds)), 60)
    return f"{minutes}:{rest:02d}"
