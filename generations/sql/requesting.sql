-- A wish written down in one go, called as a statement of its own: lock, replay, line, hold, row, event, change number,
-- key. A refusal writes nothing. What may be asked for and what it costs was decided before (generations/actions).
--
-- plpgsql and not one statement with WITH: here every statement sees what was committed while the first waited for the
-- lock, so a line that filled up meanwhile is counted as full.
CREATE FUNCTION generation_request(
    asker bigint, wish jsonb, usual_places integer, waiting_places integer, patience_seconds double precision,
    -- The row of this key that was there before, with what it was asked for; all else is null then.
    OUT earlier_id uuid, OUT earlier_fingerprint text,
    -- The line as it was, when it is too long.
    OUT active integer, OUT waiting integer,
    -- What there was to spend; less than the cost means that nothing was written.
    OUT available bigint,
    -- The row's time and change number, when it was written.
    OUT written_at timestamptz, OUT seq bigint
) LANGUAGE plpgsql AS $$
DECLARE
    asked record;
    places integer;
    next_seq bigint;
BEGIN
    SELECT * INTO STRICT asked FROM jsonb_to_record(wish) AS (
        id uuid, event_id uuid, transaction_id uuid, reference text, key text, fingerprint text,
        model text, model_name text, task text, provider text, prompt text, params jsonb, seed bigint,
        frame_width integer, frame_height integer, expected_seconds integer, outputs_expected smallint,
        cost_millicredits bigint, retry_of_id uuid
    );
    SELECT coalesce(max_active, usual_places), u.seq + 1 INTO STRICT places, next_seq
      FROM accounts_user u WHERE u.id = asker FOR NO KEY UPDATE;

    IF asked.key <> '' THEN
        SELECT k.generation_id, k.fingerprint INTO earlier_id, earlier_fingerprint
          FROM generations_idempotencykey k WHERE k.user_id = asker AND k.key = asked.key;
        IF FOUND THEN
            RETURN;
        END IF;
    END IF;

    SELECT count(slot), count(*) - count(slot) INTO active, waiting
      FROM generations_generation WHERE user_id = asker AND status IN ('pending', 'processing');
    IF active + waiting >= places + waiting_places THEN
        RETURN;
    END IF;

    IF asked.cost_millicredits > 0 THEN
        available := ledger_hold(asked.transaction_id, asked.reference, asker, asked.cost_millicredits);
        IF available < asked.cost_millicredits THEN
            RETURN;
        END IF;
    END IF;

    written_at := clock_timestamp();  -- after the wait: a person's rows are in the order of their lock
    seq := next_seq;
    UPDATE accounts_user u SET seq = next_seq WHERE u.id = asker;
    INSERT INTO generations_generation (
        id, user_id, stage, status, model, model_name, task, provider, prompt, params, seed,
        frame_width, frame_height, expected_seconds, outputs_expected, cost_millicredits, refunded_millicredits,
        retry_of_id, error_code, created_at, change_seq, next_action_at, hinted_at, deadline_at,
        tries_in_stage, hints, submits
    ) VALUES (
        asked.id, asker, 'queued', 'pending', asked.model, asked.model_name, asked.task, asked.provider, asked.prompt,
        asked.params, asked.seed, asked.frame_width, asked.frame_height, asked.expected_seconds,
        asked.outputs_expected, asked.cost_millicredits, 0, asked.retry_of_id, '', written_at, next_seq, written_at,
        written_at, written_at + make_interval(secs => patience_seconds), 0, 0, 0
    );
    INSERT INTO generations_event (id, generation_id, kind, data, created_at)
    VALUES (asked.event_id, asked.id, 'queued', '{}', written_at);
    IF asked.key <> '' THEN
        INSERT INTO generations_idempotencykey (user_id, key, fingerprint, generation_id)
        VALUES (asker, asked.key, asked.fingerprint, asked.id);
    END IF;
END $$;
