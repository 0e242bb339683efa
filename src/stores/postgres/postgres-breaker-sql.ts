// Times by the clock of the server, so that the clocks of processes need not agree. Every statement is a constant; values are bound.
const NOW = "SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now";
const OPERATORS = "agent_otel_breaker_operators";
const INSTANCES = "agent_otel_breaker_instances";
const OPERATED =
  "was.name, was.state, was.version, was.instance, greatest(0, clock.now - was.version) AS age";

export const CHANNEL = "agent_otel_breaker";

/** $1 name, $2 state, $3 age, $4 instance, $5 seen. */
export const OPERATE = `WITH clock AS (${NOW})
  INSERT INTO ${OPERATORS} AS was (name, state, version, instance)
  SELECT $1, $2, clock.now - $3::bigint, $4 FROM clock
  ON CONFLICT (name) DO UPDATE SET state = excluded.state, version = greatest(excluded.version, was.version + 1),
    instance = excluded.instance
  WHERE was.instance = excluded.instance OR was.version <= greatest(excluded.version, $5::bigint)
    OR was.version > (SELECT now FROM clock)
  RETURNING pg_notify('${CHANNEL}', was.name)`;

/** $1 name, $2 state, $3 version, $4 instance. */
export const RESTORE = `INSERT INTO ${OPERATORS} AS was (name, state, version, instance) VALUES ($1, $2, $3, $4)
  ON CONFLICT (name) DO UPDATE SET state = excluded.state, version = excluded.version, instance = excluded.instance
  WHERE was.version < excluded.version
  RETURNING pg_notify('${CHANNEL}', was.name)`;

/** $1 names. */
export const READ_OPERATORS = `WITH clock AS (${NOW})
  SELECT ${OPERATED} FROM ${OPERATORS} AS was, clock WHERE was.name = ANY($1::text[])`;

/** $1 names, $2 instances, $3 open times, $4 time to live. */
export const BEAT = `WITH clock AS (${NOW})
  INSERT INTO ${INSTANCES} (name, instance, alive_until_ms, open_until_ms)
  SELECT beat.name, beat.instance, clock.now + $4::bigint, CASE beat.open WHEN 0 THEN 0 ELSE clock.now + beat.open END
  FROM clock, unnest($1::text[], $2::text[], $3::bigint[]) AS beat (name, instance, open)
  ON CONFLICT (name, instance)
  DO UPDATE SET alive_until_ms = excluded.alive_until_ms, open_until_ms = excluded.open_until_ms`;

/** Rows that another process takes out just now are left to it: two that wait for each other would be a deadlock. */
export const FORGET = `WITH clock AS (${NOW})
  DELETE FROM ${INSTANCES} WHERE (name, instance) IN (
    SELECT name, instance FROM ${INSTANCES}, clock WHERE alive_until_ms <= clock.now FOR UPDATE OF ${INSTANCES} SKIP LOCKED
  )`;

/** $1 names. */
export const TELL = `SELECT pg_notify('${CHANNEL}', changed.name) FROM unnest($1::text[]) AS changed (name)`;

/** $1 names, $2 instances. */
export const LEAVE = `DELETE FROM ${INSTANCES} AS here USING unnest($1::text[], $2::text[]) AS gone (name, instance)
  WHERE here.name = gone.name AND here.instance = gone.instance`;

/** $1 names. */
export const READ_INSTANCES = `WITH clock AS (${NOW})
  SELECT name, instance, greatest(0, open_until_ms - clock.now) AS open FROM ${INSTANCES}, clock
  WHERE name = ANY($1::text[]) AND alive_until_ms > clock.now ORDER BY instance`;
