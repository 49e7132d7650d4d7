-- What makes the ledger true, whoever writes: append only, every transaction balanced and of its kind's shape,
-- every settlement equal to its hold, balances moved by entries alone.

CREATE FUNCTION ledger_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER ledger_transaction_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON accounts_ledgertransaction
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER ledger_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON accounts_ledgerentry
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();
CREATE TRIGGER credit_balance_never_emptied BEFORE TRUNCATE ON accounts_creditbalance
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change();

-- A balance moves only from within the trigger on entries, one level deeper than any statement of the application.
CREATE FUNCTION credit_balance_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() < 2 OR TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a balance is the sum of ledger entries and cannot be written' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER credit_balance_follows_entries BEFORE INSERT OR UPDATE OR DELETE ON accounts_creditbalance
    FOR EACH ROW EXECUTE FUNCTION credit_balance_guard();

-- SECURITY DEFINER: the application's role may not write balances at all (see the REVOKE below).
CREATE FUNCTION ledger_apply_entry() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    IF NEW.user_id IS NOT NULL THEN
        INSERT INTO accounts_creditbalance (user_id, available, held) VALUES (NEW.user_id, 0, 0) ON CONFLICT DO NOTHING;
        UPDATE accounts_creditbalance
           SET available = available + CASE WHEN NEW.account = 'available' THEN NEW.millicredits ELSE 0 END,
               held = held + CASE WHEN NEW.account = 'held' THEN NEW.millicredits ELSE 0 END
         WHERE user_id = NEW.user_id;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_entry_moves_balance AFTER INSERT ON accounts_ledgerentry
    FOR EACH ROW EXECUTE FUNCTION ledger_apply_entry();

-- Checked at commit, for the transaction and for every entry that joins it.
CREATE FUNCTION ledger_check_transaction() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    checked uuid;
    tx accounts_ledgertransaction;
    source accounts_ledgerentry;
    target accounts_ledgerentry;
    entries integer;
    origin bigint;
    owner bigint;
BEGIN
    IF TG_TABLE_NAME = 'accounts_ledgertransaction' THEN checked := NEW.id; ELSE checked := NEW.transaction_id; END IF;
    SELECT * INTO tx FROM accounts_ledgertransaction WHERE id = checked;
    SELECT count(*) INTO entries FROM accounts_ledgerentry WHERE transaction_id = checked;
    SELECT * INTO source FROM accounts_ledgerentry WHERE transaction_id = checked AND millicredits < 0;
    SELECT * INTO target FROM accounts_ledgerentry WHERE transaction_id = checked AND millicredits > 0;
    IF entries <> 2 OR source.id IS NULL OR target.id IS NULL OR source.millicredits + target.millicredits <> 0 THEN
        RAISE EXCEPTION 'ledger transaction % does not balance', checked USING ERRCODE = 'check_violation';
    END IF;
    IF source.user_id <> target.user_id THEN
        RAISE EXCEPTION 'ledger transaction % moves credits between people', checked USING ERRCODE = 'check_violation';
    END IF;
    IF (tx.kind, source.account, target.account) NOT IN (
        ('grant', 'grants', 'available'), ('purchase', 'purchases', 'available'),
        ('hold', 'available', 'held'), ('capture', 'held', 'revenue'), ('release', 'held', 'available'),
        ('refund', 'revenue', 'available'),
        ('adjustment', 'adjustments', 'available'), ('adjustment', 'available', 'adjustments')
    ) THEN
        RAISE EXCEPTION 'a % cannot move credits from % to %', tx.kind, source.account, target.account
            USING ERRCODE = 'check_violation';
    END IF;
    IF tx.kind IN ('capture', 'release', 'refund') THEN
        SELECT e.millicredits, coalesce(e.user_id, s.user_id) INTO origin, owner
          FROM accounts_ledgertransaction t
          JOIN accounts_ledgerentry e ON e.transaction_id = t.id AND e.millicredits > 0
          JOIN accounts_ledgerentry s ON s.transaction_id = t.id AND s.millicredits < 0
         WHERE t.reference = tx.reference AND t.kind = CASE tx.kind WHEN 'refund' THEN 'capture' ELSE 'hold' END;
        IF origin IS NULL OR owner <> coalesce(target.user_id, source.user_id)
           OR (tx.kind = 'refund' AND target.millicredits > origin)
           OR (tx.kind <> 'refund' AND target.millicredits <> origin) THEN
            RAISE EXCEPTION 'the % of % does not match what came before it', tx.kind, tx.reference
                USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER ledger_transaction_holds AFTER INSERT ON accounts_ledgertransaction
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_check_transaction();
CREATE CONSTRAINT TRIGGER ledger_entry_holds AFTER INSERT ON accounts_ledgerentry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_check_transaction();

-- Where migrations run as another role than the application, the application also lacks the privileges.
DO $$
DECLARE
    granted record;
BEGIN
    FOR granted IN
        SELECT DISTINCT grantee, table_name FROM information_schema.role_table_grants
         WHERE table_schema = current_schema() AND grantee <> current_user AND grantee <> 'PUBLIC'
           AND table_name IN ('accounts_ledgertransaction', 'accounts_ledgerentry', 'accounts_creditbalance')
    LOOP
        EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON %I FROM %I', granted.table_name, granted.grantee);
        IF granted.table_name = 'accounts_creditbalance' THEN
            EXECUTE format('REVOKE INSERT ON %I FROM %I', granted.table_name, granted.grantee);
        END IF;
    END LOOP;
END $$;
