"""Rows of the generations app, one noun a module."""

from generations.models.attempt import Attempt
from generations.models.batch import Batch
from generations.models.board import Board, Keyframe
from generations.models.delivery import Delivery
from generations.models.draft import Draft
from generations.models.event import Event
from generations.models.export import Export
from generations.models.generation import Generation, Priority, Stage, Status, Waiting
from generations.models.heartbeat import Heartbeat
from generations.models.idempotency import IdempotencyKey
from generations.models.input import HandedOver, Input
from generations.models.item import Collection, Item, SavedSearch, Tally
from generations.models.ledger_check import LedgerCheck
from generations.models.output import Output
from generations.models.pin import Pin
from generations.models.timing import Timing
from generations.models.unconfirmed import Unconfirmed

__all__ = [
    "Attempt",
    "Batch",
    "Board",
    "Collection",
    "Delivery",
    "Draft",
    "Event",
    "Export",
    "Generation",
    "HandedOver",
    "Heartbeat",
    "IdempotencyKey",
    "Input",
    "Item",
    "Keyframe",
    "LedgerCheck",
    "Output",
    "Pin",
    "Priority",
    "SavedSearch",
    "Stage",
    "Status",
    "Tally",
    "Timing",
    "Unconfirmed",
    "Waiting",
]
