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

-- Once for all entries of a statement. SECURITY DEFINER: the application's role may not write balances at all (see the
-- REVOKE below). Two statements for a newcomer, because a debit alone would not pass the CHECK as a new row.
CREATE FUNCTION ledger_apply_entries() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    INSERT INTO accounts_creditbalance (user_id, available, held)
    SELECT DISTINCT user_id, 0, 0 FROM fresh
     WHERE user_id IS NOT NULL AND NOT EXISTS (SELECT FROM accounts_creditbalance b WHERE b.user_id = fresh.user_id)
    ON CONFLICT DO NOTHING;
    UPDATE accounts_creditbalance b
       SET available = b.available + moved.available, held = b.held + moved.held
      FROM (SELECT user_id,
                   coalesce(sum(millicredits) FILTER (WHERE account = 'available'), 0) AS available,
                   coalesce(sum(millicredits) FILTER (WHERE account = 'held'), 0) AS held
              FROM fresh WHERE user_id IS NOT NULL GROUP BY user_id) AS moved
     WHERE b.user_id = moved.user_id;
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_entry_moves_balance AFTER INSERT ON accounts_ledgerentry
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION ledger_apply_entries();

-- Checked at commit, once a transaction. Nothing can join a transaction that passed: it has an entry each way, and the
-- index ledger_one_entry_each_way takes no third.
CREATE FUNCTION ledger_check_transaction() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    source accounts_ledgerentry;
    target accounts_ledgerentry;
    origin bigint;
    owner bigint;
BEGIN
    SELECT * INTO source FROM accounts_ledgerentry WHERE transaction_id = NEW.id AND sign(millicredits) = -1;
    SELECT * INTO target FROM accounts_ledgerentry WHERE transaction_id = NEW.id AND sign(millicredits) = 1;
    IF source.id IS NULL OR target.id IS NULL OR source.millicredits + target.millicredits <> 0 THEN
        RAISE EXCEPTION 'ledger transaction % does not balance', NEW.id USING ERRCODE = 'check_violation';
    END IF;
    IF source.user_id <> target.user_id THEN
        RAISE EXCEPTION 'ledger transaction % moves credits between people', NEW.id USING ERRCODE = 'check_violation';
    END IF;
    IF (NEW.kind, source.account, target.account) NOT IN (
        ('grant', 'grants', 'available'), ('purchase', 'purchases', 'available'),
        ('hold', 'available', 'held'), ('capture', 'held', 'revenue'), ('release', 'held', 'available'),
        ('refund', 'revenue', 'available'),
        ('adjustment', 'adjustments', 'available'), ('adjustment', 'available', 'adjustments')
    ) THEN
        RAISE EXCEPTION 'a % cannot move credits from % to %', NEW.kind, source.account, target.account
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.kind IN ('capture', 'release', 'refund') THEN
        SELECT e.millicredits, coalesce(e.user_id, s.user_id) INTO origin, owner
          FROM accounts_ledgertransaction t
          JOIN accounts_ledgerentry e ON e.transaction_id = t.id AND e.millicredits > 0
          JOIN accounts_ledgerentry s ON s.transaction_id = t.id AND s.millicredits < 0
         WHERE t.reference = NEW.reference AND t.kind = CASE NEW.kind WHEN 'refund' THEN 'capture' ELSE 'hold' END;
        IF origin IS NULL OR owner <> coalesce(target.user_id, source.user_id)
           OR (NEW.kind = 'refund' AND target.millicredits > origin)
           OR (NEW.kind <> 'refund' AND target.millicredits <> origin) THEN
            RAISE EXCEPTION 'the % of % does not match what came before it', NEW.kind, NEW.reference
                USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER ledger_transaction_holds AFTER INSERT ON accounts_ledgertransaction
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_check_transaction();

-- A movement: its transaction and both entries. personal: which of the two accounts belong to the person.
CREATE FUNCTION ledger_move(
    id uuid, kind text, reference text, source text, target text, person bigint, millicredits bigint,
    actor bigint DEFAULT NULL, note text DEFAULT ''
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    personal CONSTANT text[] := ARRAY['available', 'held'];
BEGIN
    INSERT INTO accounts_ledgertransaction (id, kind, reference, actor_id, note)
    VALUES (id, kind, reference, actor, note);
    INSERT INTO accounts_ledgerentry (transaction_id, account, user_id, millicredits)
    VALUES (id, source, CASE WHEN source = ANY (personal) THEN person END, -millicredits),
           (id, target, CASE WHEN target = ANY (personal) THEN person END, millicredits);
END $$;

-- Sets credits aside, under the person's row lock. Returns what was available; less than asked for means that nothing
-- was held.
CREATE FUNCTION ledger_hold(id uuid, reference text, person bigint, millicredits bigint) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    there bigint := coalesce((SELECT available FROM accounts_creditbalance WHERE user_id = person), 0);
BEGIN
    IF there >= millicredits THEN
        PERFORM ledger_move(id, 'hold', reference, 'available', 'held', person, millicredits);
    END IF;
    RETURN there;
END $$;

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
