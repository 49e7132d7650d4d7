"""Rows of the accounts app, one noun a module."""

from accounts.models.api_key import ApiKey
from accounts.models.ledger import CreditBalance, LedgerEntry, LedgerTransaction
from accounts.models.person import User

__all__ = ["ApiKey", "CreditBalance", "LedgerEntry", "LedgerTransaction", "User"]
