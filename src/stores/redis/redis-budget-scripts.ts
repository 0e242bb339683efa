// Each runs in one step on the server, by its clock. KEYS[1] is a sorted set of reservations by the time at which they expire; each
// reservation is a hash beside it, with its windows' keys, and each window a hash of spent and reserved. Amounts are whole nano-dollars:
// doubles hold them exactly up to nine million dollars.

const BEGIN = `
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local function whole(n) return string.format('%.0f', n) end
local function both(key)
  local was = redis.call('HMGET', key, 'spent', 'reserved')
  return tonumber(was[1] or 0), tonumber(was[2] or 0)
end
local function windows(id)
  local text = redis.call('HGET', id, 'windows')
  return text and cjson.decode(text) or {}
end
local function expire(prefix)
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', whole(now), 'LIMIT', 0, 1000)) do
    redis.call('ZREM', KEYS[1], id)
    local key = prefix .. 'reservation:' .. id
    local amount = redis.call('HGET', key, 'amount')
    if amount then
      redis.call('HSET', key, 'expired', '1')
      for _, window in ipairs(windows(key)) do
        redis.call('HINCRBY', window, 'reserved', whole(0 - amount))
        redis.call('HINCRBY', window, 'spent', amount)
      end
    end
  end
end
`;

/** KEYS: reservations, windows. ARGV: id, amount, time to live, prefix; limit and end of each window. Gives 0 and all uses, or the number
 *  of the full one and its use. */
export const RESERVE = `${BEGIN}
local id, amount, ttl, prefix = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4]
expire(prefix)
for i = 2, #KEYS do
  local spent, reserved = both(KEYS[i])
  if spent + reserved + amount > tonumber(ARGV[2 * i + 1]) then return { i - 1, whole(spent), whole(reserved) } end
end
local answer, names, last = { 0 }, {}, 0
for i = 2, #KEYS do
  local reserved = redis.call('HINCRBY', KEYS[i], 'reserved', whole(amount))
  local endMs = tonumber(ARGV[2 * i + 2])
  redis.call('PEXPIREAT', KEYS[i], whole(endMs))
  last = math.max(last, endMs)
  table.insert(names, KEYS[i])
  local spent = both(KEYS[i])
  table.insert(answer, whole(spent))
  table.insert(answer, whole(reserved))
end
local key = prefix .. 'reservation:' .. id
redis.call('HSET', key, 'amount', whole(amount), 'windows', cjson.encode(names))
redis.call('PEXPIREAT', key, whole(math.max(last, now + ttl + 1000)))
redis.call('ZADD', KEYS[1], whole(now + ttl), id)
return answer
`;

/** KEYS: reservations. ARGV: id, actual, prefix. Gives the uses of its windows, or nothing where it had ended. */
export const SETTLE = `${BEGIN}
local id, actual, prefix = ARGV[1], tonumber(ARGV[2]), ARGV[3]
expire(prefix)
local key = prefix .. 'reservation:' .. id
local was = redis.call('HMGET', key, 'amount', 'expired')
if not was[1] then return {} end
local amount, names = tonumber(was[1]), windows(key)
redis.call('DEL', key)
redis.call('ZREM', KEYS[1], id)
local answer = {}
for _, window in ipairs(names) do
  local spent = actual
  if was[2] then spent = actual - amount
  else redis.call('HINCRBY', window, 'reserved', whole(0 - amount)) end
  redis.call('HINCRBY', window, 'spent', whole(spent))
  local now_spent, now_reserved = both(window)
  table.insert(answer, whole(now_spent))
  table.insert(answer, whole(now_reserved))
end
return answer
`;

/** KEYS: reservations, windows. ARGV: prefix. */
export const USE = `${BEGIN}
expire(ARGV[1])
local answer = {}
for i = 2, #KEYS do
  local spent, reserved = both(KEYS[i])
  table.insert(answer, whole(spent))
  table.insert(answer, whole(reserved))
end
return answer
`;
