// Each runs in one step on the server, by the server's clock, so that the clocks of processes need not agree. Names are handed over as
// keys and arguments and never become part of a script.

const NOW = `
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local function whole(n) return string.format('%.0f', n) end
`;

/** KEYS: operator. ARGV: state, age, by, channel, name, seen. Gives state, version, age, by. */
export const OPERATE = `${NOW}
local was = redis.call('HMGET', KEYS[1], 'state', 'version', 'by')
local at = now - ARGV[2]
local before = tonumber(was[2] or 0)
if was[3] ~= ARGV[3] and before > math.max(at, tonumber(ARGV[6])) and before <= now then
  return { was[1], was[2], whole(now - before), was[3] }
end
local version = whole(math.max(at, before + 1))
redis.call('HSET', KEYS[1], 'state', ARGV[1], 'version', version, 'by', ARGV[3])
redis.call('PUBLISH', ARGV[4], ARGV[5])
return { ARGV[1], version, whole(now - version), ARGV[3] }
`;

/** KEYS: operator. ARGV: state, version, by, channel, name. */
export const RESTORE = `
local version = redis.call('HGET', KEYS[1], 'version')
if version and tonumber(version) >= tonumber(ARGV[2]) then return 0 end
redis.call('HSET', KEYS[1], 'state', ARGV[1], 'version', ARGV[2], 'by', ARGV[3])
redis.call('PUBLISH', ARGV[4], ARGV[5])
return 1
`;

/** KEYS: instances, open. ARGV: instance, time to live, open time, channel, name, changed. */
export const BEAT = `${NOW}
local ttl = tonumber(ARGV[2])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', whole(now))
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', whole(now))
redis.call('ZADD', KEYS[1], whole(now + ttl), ARGV[1])
if tonumber(ARGV[3]) > 0 then redis.call('ZADD', KEYS[2], whole(now + ARGV[3]), ARGV[1])
else redis.call('ZREM', KEYS[2], ARGV[1]) end
for _, key in ipairs(KEYS) do
  if redis.call('PTTL', key) < ttl then redis.call('PEXPIRE', key, whole(ttl)) end
end
if ARGV[6] == '1' then redis.call('PUBLISH', ARGV[4], ARGV[5]) end
return 1
`;

/** KEYS: instances, open. ARGV: instance. */
export const LEAVE = `
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('ZREM', KEYS[2], ARGV[1])
return 1
`;

/** KEYS: operator, instances, open. Gives state, version, age, by of the operator, or nothing; then instance, open time of each. */
export const READ = `${NOW}
local was = redis.call('HMGET', KEYS[1], 'state', 'version', 'by')
local operator = {}
if was[1] then operator = { was[1], was[2], whole(now - was[2]), was[3] } end
local instances = {}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '(' .. whole(now), '+inf')) do
  table.insert(instances, id)
  table.insert(instances, whole(math.max(0, tonumber(redis.call('ZSCORE', KEYS[3], id) or 0) - now)))
end
return { operator, instances }
`;
