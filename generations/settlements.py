"""What must be true between generations and the ledger, each a query that finds what breaks it; see accounts.audit."""
# ruff: noqa: S608 (our own words)

# For makemessages. Django's own marker wants settings, and the commands that check from outside have none.
_ = str
ENDS = "('completed', 'failed', 'cancelled')"
# What is paid for: what came, and what an operator found out to have been carried out.
PAID = "(stage = 'completed' OR error_code = 'charged_unconfirmed')"
SETTLEMENTS = """
SELECT g.id, g.stage, g.error_code, g.cost_millicredits, g.refunded_millicredits,
  count(t.id) FILTER (WHERE t.kind = 'hold') AS holds,
  count(t.id) FILTER (WHERE t.kind = 'capture') AS captures,
  count(t.id) FILTER (WHERE t.kind = 'release') AS releases,
  count(t.id) FILTER (WHERE t.kind = 'refund') AS refunds,
  coalesce(max(e.millicredits) FILTER (WHERE t.kind = 'hold'), 0) AS held,
  coalesce(max(e.millicredits) FILTER (WHERE t.kind = 'capture'), 0) AS charged
FROM generations_generation g
LEFT JOIN accounts_ledgertransaction t ON t.reference = 'generation:' || g.id
LEFT JOIN accounts_ledgerentry e ON e.transaction_id = t.id AND e.millicredits > 0
WHERE g.cost_millicredits > 0 GROUP BY g.id
"""
CHECKS: dict[str, str] = {
    _("one hold each"): f"""
        SELECT id FROM ({SETTLEMENTS}) s WHERE holds <> 1 OR held <> cost_millicredits""",
    _("completed is charged once"): f"""
        SELECT id FROM ({SETTLEMENTS}) s WHERE {PAID}
          AND (captures <> 1 OR releases > 0 OR charged <> cost_millicredits
               OR (refunded_millicredits > 0) <> (refunds = 1))""",
    _("failed and cancelled are released once"): f"""
        SELECT id FROM ({SETTLEMENTS}) s
        WHERE stage IN ('failed', 'cancelled') AND NOT {PAID} AND (releases <> 1 OR captures + refunds > 0)""",
    _("nothing is settled before its end"): f"""
        SELECT id FROM ({SETTLEMENTS}) s WHERE stage NOT IN {ENDS} AND captures + releases + refunds > 0""",
    _("held is what open rows cost"): f"""
        SELECT b.user_id FROM accounts_creditbalance b
        LEFT JOIN generations_generation g ON g.user_id = b.user_id AND g.stage NOT IN {ENDS}
        GROUP BY b.user_id HAVING b.held <> coalesce(sum(g.cost_millicredits), 0)""",
    # Also of a hold whose generation is gone: nothing would ever settle it.
    _("a live hold has its open generation"): f"""
        SELECT h.reference FROM accounts_ledgertransaction h
        LEFT JOIN generations_generation g ON h.reference = 'generation:' || g.id AND g.stage NOT IN {ENDS}
        WHERE h.kind = 'hold' AND g.id IS NULL
          AND NOT EXISTS (SELECT FROM accounts_ledgertransaction s
                          WHERE s.reference = h.reference AND s.kind IN ('capture', 'release'))""",
}
