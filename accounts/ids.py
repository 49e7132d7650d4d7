"""Identifiers that sort by time: UUID version 7 (RFC 9562, section 5.7), made in Python.

The standard library has it from 3.14 and PostgreSQL from 18; both older ones are supported here.
"""

import os
import time
from uuid import UUID


def uuid7(milliseconds: int | None = None) -> UUID:
    """48 bits of Unix milliseconds (now, unless told), then version, variant and 74 random bits."""
    milliseconds = time.time_ns() // 1_000_000 if milliseconds is None else milliseconds
    value = (milliseconds << 80) | int.from_bytes(os.urandom(10), "big")
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    return UUID(int=value)
