-- Chooses a token and takes its place, in one call inside the transaction that opens the attempt.
--
-- The advisory lock makes one taker of a provider follow the other until each has committed, so that what is read here
-- (places, caps, the breaker) is still so when it is written. Each statement below sees what was committed before it.
-- Whose turn it is: each job moves a token's turn on by 1/weight, and of those that may be used the lowest turn goes
-- first, of equals the least recently used. Who was away joins at the present turn and makes up for nothing.
CREATE FUNCTION providers_take_token(for_provider text, for_endpoint text, for_holder uuid, among bigint[])
RETURNS TABLE (taken bigint, is_trial boolean, why text, again_at timestamptz)
LANGUAGE plpgsql AS $$
DECLARE
    moment timestamptz;
    today date;
    health providers_providerhealth%ROWTYPE;
    chosen record;
    present double precision;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('providers.take_token'), hashtext(for_provider));
    moment := clock_timestamp();
    today := (moment AT TIME ZONE 'UTC')::date;

    SELECT * INTO health FROM providers_providerhealth h WHERE h.provider = for_provider AND h.endpoint = for_endpoint;
    IF greatest(health.open_until, health.trial_until) > moment THEN
        -- A trial is over in seconds; its time only bounds one whose process was killed.
        RETURN QUERY SELECT NULL::bigint, false, 'provider', greatest(health.open_until, moment + interval '2 seconds');
        RETURN;
    END IF;

    SELECT coalesce(max(t.turn - 1.0 / t.weight), 0) INTO present FROM providers_token t WHERE t.provider = for_provider;
    SELECT t.id, t.state <> 'active' AS is_trial, free.place, greatest(t.turn, present) AS turn INTO chosen
    FROM providers_token t
    CROSS JOIN LATERAL (
        SELECT n AS place FROM generate_series(1, t.max_in_flight) n
        WHERE NOT EXISTS (SELECT 1 FROM providers_tokenuse u WHERE u.token_id = t.id AND u.place = n)
        ORDER BY n LIMIT 1
    ) free
    WHERE t.provider = for_provider AND t.id = ANY (among) AND t.is_enabled
      AND (t.state = 'active'
           OR (t.state <> 'disabled' AND t.cooldown_until <= moment AND coalesce(t.trial_until <= moment, true)))
      -- Places beyond a limit that was lowered meanwhile are still taken.
      AND (SELECT count(*) FROM providers_tokenuse u WHERE u.token_id = t.id) < t.max_in_flight
      AND (t.daily_cap IS NULL OR t.daily_cap > coalesce(
           (SELECT d.requests FROM providers_tokenday d WHERE d.token_id = t.id AND d.day = today), 0))
    -- Thirds add up to nearly one: nearly equal is equal.
    ORDER BY round(greatest(t.turn, present)::numeric, 6), t.last_used_at NULLS FIRST, t.id
    LIMIT 1;

    IF chosen.id IS NULL THEN
        RETURN QUERY SELECT NULL::bigint, false, 'token', (
            SELECT min(greatest(t.cooldown_until, moment + interval '2 seconds')) FROM providers_token t
            WHERE t.provider = for_provider AND t.id = ANY (among) AND t.is_enabled
              AND t.state NOT IN ('active', 'disabled'));
        RETURN;
    END IF;

    INSERT INTO providers_tokenuse (token_id, place, holder) VALUES (chosen.id, chosen.place, for_holder);
    UPDATE providers_token t
    SET last_used_at = moment, turn = chosen.turn + 1.0 / t.weight,
        trial_until = CASE WHEN chosen.is_trial THEN moment + interval '2 minutes' END
    WHERE t.id = chosen.id;
    INSERT INTO providers_tokenday AS d (token_id, day, requests, errors) VALUES (chosen.id, today, 1, 0)
    ON CONFLICT (token_id, day) DO UPDATE SET requests = d.requests + 1;
    IF health.open_until IS NOT NULL THEN
        UPDATE providers_providerhealth h SET trial_until = moment + interval '2 minutes' WHERE h.id = health.id;
    END IF;
    RETURN QUERY SELECT chosen.id, chosen.is_trial, '', NULL::timestamptz;
END
$$;
