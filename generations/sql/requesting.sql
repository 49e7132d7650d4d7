-- A wish written down in one go, called as a statement of its own: lock, replay, line, hold, row, event, change number,
-- key. A refusal writes nothing. What may be asked for and what it costs was decided before (generations/actions).
--
-- plpgsql and not one statement with WITH: here every statement sees what was committed while the first waited for the
-- lock, so a line that filled up meanwhile is counted as full.
CREATE FUNCTION generation_request(
    asker bigint, wish jsonb, usual_places integer, waiting_places integer,
    patience_seconds double precision, place_seconds double precision, pause_seconds double precision,
    -- The row of this key that was there before, with what it was asked for; all else is null then.
    OUT earlier_id uuid, OUT earlier_fingerprint text,
    -- The line as it was, when it is too long.
    OUT active integer, OUT waiting integer,
    -- What there was to spend; less than the cost means that nothing was written.
    OUT available bigint,
    -- The row's time, when somebody should look at it, and its change number, when it was written.
    OUT written_at timestamptz, OUT due_at timestamptz, OUT seq bigint,
    -- Whether the person's line is paused.
    OUT is_paused boolean
) LANGUAGE plpgsql AS $$
DECLARE
    asked record;
    places integer;
    ahead integer;
    next_seq bigint;
    moment timestamptz;
BEGIN
    SELECT * INTO STRICT asked FROM jsonb_to_record(wish) AS (
        id uuid, event_id uuid, transaction_id uuid, reference text, key text, fingerprint text,
        model text, model_name text, task text, provider text, prompt text, params jsonb, seed bigint,
        frame_width integer, frame_height integer, expected_seconds integer, slow_seconds integer,
        outputs_expected smallint, cost_millicredits bigint, priority smallint, retry_of_id uuid, batch_id uuid, inputs jsonb
    );
    SELECT coalesce(max_active, usual_places), u.seq + 1, u.paused_at IS NOT NULL
      INTO STRICT places, next_seq, is_paused
      FROM accounts_user u WHERE u.id = asker FOR NO KEY UPDATE;
    moment := clock_timestamp();  -- after the wait: a person's rows are in the order of their lock

    IF asked.key <> '' THEN
        SELECT k.generation_id, k.fingerprint INTO earlier_id, earlier_fingerprint
          FROM generations_idempotencykey k WHERE k.user_id = asker AND k.key = asked.key;
        IF FOUND THEN
            RETURN;
        END IF;
    END IF;

    SELECT count(slot), count(*) - count(slot),
           count(*) FILTER (WHERE slot IS NOT NULL OR next_action_at <= moment OR lease_until > moment)
      INTO active, waiting, ahead
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

    written_at := moment;
    -- With every place taken, or about to be by those before it, there is nothing to do yet: whoever frees one wakes
    -- the oldest in line, and after a while it looks for itself.
    -- Of a paused line nobody looks at anything before it goes on.
    due_at := moment + make_interval(secs => CASE
        WHEN is_paused THEN pause_seconds WHEN ahead < places THEN 0 ELSE place_seconds END);
    seq := next_seq;
    UPDATE accounts_user u SET seq = next_seq WHERE u.id = asker;
    INSERT INTO generations_generation (
        id, user_id, stage, status, model, model_name, task, provider, prompt, params, seed,
        frame_width, frame_height, expected_seconds, slow_seconds, outputs_expected, cost_millicredits,
        refunded_millicredits, priority, retry_of_id, error_code, created_at, change_seq, next_action_at, deadline_at,
        tries_in_stage, hints, submits, waits_for, batch_id
    ) VALUES (
        asked.id, asker, 'queued', 'pending', asked.model, asked.model_name, asked.task, asked.provider, asked.prompt,
        asked.params, asked.seed, asked.frame_width, asked.frame_height, asked.expected_seconds,
        asked.slow_seconds, asked.outputs_expected, asked.cost_millicredits, 0, asked.priority, asked.retry_of_id, '',
        moment, next_seq, due_at,
        moment + make_interval(secs => CASE WHEN is_paused THEN pause_seconds ELSE patience_seconds END), 0, 0, 0,
        CASE WHEN is_paused THEN 'pause' ELSE '' END, asked.batch_id
    );
    INSERT INTO generations_input (generation_id, slot, index, asset_id)
    SELECT asked.id, given.slot, given.index, given.asset
      FROM jsonb_to_recordset(asked.inputs) AS given (slot text, index smallint, asset uuid);
    INSERT INTO generations_event (id, generation_id, kind, data, created_at)
    VALUES (asked.event_id, asked.id, 'queued', '{}', moment);
    IF asked.key <> '' THEN
        INSERT INTO generations_idempotencykey (user_id, key, fingerprint, generation_id)
        VALUES (asker, asked.key, asked.fingerprint, asked.id);
    END IF;
END $$;
