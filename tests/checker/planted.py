"""What makes the money wrong, past triggers and foreign keys, as a bad repair by hand would; by what it breaks."""

UNBALANCE = "UPDATE accounts_ledgerentry SET millicredits = millicredits + 1 WHERE account = 'grants'"
REOPEN = """
    UPDATE generations_generation SET stage = 'queued', status = 'pending', completed_at = null,
      next_action_at = now()"""
# As if a second end had been written down beside the capture.
SETTLE_TWICE = """
    DROP INDEX ledger_settled_once;
    INSERT INTO accounts_ledgertransaction (id, kind, reference, note)
    SELECT gen_random_uuid(), 'release', reference, '' FROM accounts_ledgertransaction WHERE kind = 'capture'"""
REFUND = """
    WITH t AS (INSERT INTO accounts_ledgertransaction (id, kind, reference, note)
      SELECT gen_random_uuid(), 'refund', reference, '' FROM accounts_ledgertransaction WHERE kind = 'capture'
      RETURNING id)
    INSERT INTO accounts_ledgerentry (transaction_id, account, millicredits) SELECT id, 'revenue', -1000000 FROM t"""
# For a generation that went well, and its person.
MONEY = {
    "a transaction sums to zero": UNBALANCE,
    "a transaction has an entry each way": "DELETE FROM accounts_ledgerentry WHERE account = 'grants'",
    "the ledger sums to zero": UNBALANCE,
    "a balance is the sum of its entries": "UPDATE accounts_creditbalance SET available = available + 1",
    "a hold is captured or released once": SETTLE_TWICE,
    "what is settled is what was held": """
        UPDATE accounts_ledgerentry SET millicredits = millicredits - 1 WHERE account = 'held' AND millicredits < 0""",
    "a refund is no more than its charge": REFUND,
    "one hold each": "DELETE FROM accounts_ledgertransaction WHERE kind = 'hold'",
    "completed is charged once": "DELETE FROM accounts_ledgertransaction WHERE kind = 'capture'",
    "failed and cancelled are released once": """
        UPDATE generations_generation SET stage = 'failed', status = 'failed', error_code = 'x'""",
    "nothing is settled before its end": REOPEN,
    "held is what open rows cost": REOPEN,
    "a live hold has its open generation": "DELETE FROM accounts_ledgertransaction WHERE kind = 'capture'",
}
# The same promises, broken another way.
OTHERWISE = [
    ("a transaction has an entry each way", "DELETE FROM accounts_ledgertransaction WHERE kind = 'grant'"),
    ("a transaction has an entry each way", "DELETE FROM accounts_ledgerentry"),
    ("a balance is the sum of its entries", "UPDATE accounts_creditbalance SET held = held + 1"),
    ("a balance is the sum of its entries", "DELETE FROM accounts_creditbalance"),
    ("what is settled is what was held", """
        UPDATE accounts_ledgerentry SET millicredits = millicredits + 1 WHERE account = 'held' AND millicredits < 0"""),
    ("one hold each", "UPDATE generations_generation SET cost_millicredits = cost_millicredits + 1"),
    ("completed is charged once", "UPDATE generations_generation SET refunded_millicredits = 1"),
    ("a live hold has its open generation", """
        DELETE FROM accounts_ledgertransaction WHERE kind = 'capture'; DELETE FROM generations_generation"""),
]  # fmt: skip
