"""What a worker does. One idempotent step at a time, found by looking at the row.

Every step may run twice, late or never. Network calls happen between transactions, never inside one.
"""
