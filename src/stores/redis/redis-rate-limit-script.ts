/**
 * Everything that is done to one key, in one step on the server and by its clock. A port of `Meters`, `Bucket` and `Window` of
 * `src/stores/rate-limits`: a change there is a change here. Names and numbers are handed over and never become part of it.
 *
 * KEYS: the key. ARGV: what to do, calls, tokens, milliseconds (of a pause, or how late a take is), the longest pause, slots of a window, then
 * for each rule its kind, what it is of, its capacity, and what flows off in a millisecond or the milliseconds of a slot. `take` gives whether it passed (1 or 0),
 * what remains, milliseconds to wait, and why: 0, the number of a rule, or -1 for a pause.
 */
export const RATE_LIMIT = `
local ALMOST = 1e-6
local t = redis.call('TIME')
local now = t[1] * 1000 + t[2] / 1000
local what, calls, tokens, ms = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local late = what == 'take' and ms or 0
local longest, slots = tonumber(ARGV[5]), tonumber(ARGV[6]) + 1
local stored = redis.call('GET', KEYS[1])
local state = stored and cmsgpack.unpack(stored) or { 0 }
local rules = {}

for a = 7, #ARGV, 4 do
  local rule = { bucket = ARGV[a] == 'bucket', tokens = ARGV[a + 1] == 'tokens', capacity = tonumber(ARGV[a + 2]), pace = tonumber(ARGV[a + 3]) }
  table.insert(rules, rule)
  local cell = state[#rules + 1]
  if rule.bucket then
    cell = cell or { 0, now }
    local passed = now - cell[2]
    if passed > 0 then cell[1] = math.max(-math.min(0.999, late * rule.pace), cell[1] - passed * rule.pace) end
    cell[2] = now
  else
    local slot = math.floor(now / rule.pace)
    if not cell then
      cell = { slot, 0 }
      for i = 1, slots do cell[i + 2] = 0 end
    end
    local passed = slot - cell[1]
    cell[1] = slot
    if passed > 0 then
      for i = slots + 2, 3, -1 do
        if i + passed > slots + 2 then cell[2] = cell[2] - cell[i] end
        if i - passed >= 3 then cell[i] = cell[i - passed] else cell[i] = 0 end
      end
    end
  end
  state[#rules + 1] = cell
end

local function used(rule, cell) if rule.bucket then return cell[1] else return cell[2] end end

local function add(rule, cell, amount)
  if rule.bucket then cell[1] = math.max(0, cell[1] + amount)
  elseif amount >= 0 then cell[2] = cell[2] + amount; cell[3] = cell[3] + amount
  else
    local rest = -amount
    for i = 3, slots + 2 do
      local given = math.min(rest, cell[i])
      cell[i] = cell[i] - given; cell[2] = cell[2] - given; rest = rest - given
    end
  end
end

local function free_in(rule, cell, amount)
  if rule.bucket then return amount / rule.pace end
  local i = slots + 2
  local freed = cell[i]
  while freed < amount and i > 3 do i = i - 1; freed = freed + cell[i] end
  return (cell[1] + slots + 2 - i + 1) * rule.pace - now
end

local answer = 1
if state[1] > now + longest then state[1] = now + longest end
if what == 'take' then
  local counts_tokens = true
  for _, rule in ipairs(rules) do counts_tokens = counts_tokens and rule.tokens end
  local room, wait, why = math.huge, 0, 0
  for i, rule in ipairs(rules) do
    local cell = state[i + 1]
    local free = rule.capacity - used(rule, cell)
    if rule.tokens == counts_tokens and free < room then room = free end
    local lacks = (rule.tokens and tokens or calls) - free
    if lacks > ALMOST then
      local free_ms = free_in(rule, cell, lacks)
      if free_ms > wait then wait = free_ms; why = i end
    end
  end
  local paused = math.max(0, state[1] - now)
  if wait > 0 or paused > 0 then
    if paused > wait then why = -1 end
    if paused > 0 then room = 0 end
    answer = { 0, math.max(0, math.floor(room + ALMOST)), math.max(1, math.ceil(math.max(paused, wait) - ALMOST)), why }
  else
    for i, rule in ipairs(rules) do add(rule, state[i + 1], rule.tokens and tokens or calls) end
    answer = { 1, math.max(0, math.floor(room - (counts_tokens and tokens or calls) + ALMOST)), 0, 0 }
  end
elseif what == 'add' then
  for i, rule in ipairs(rules) do add(rule, state[i + 1], rule.tokens and tokens or calls) end
elseif what == 'pause' then
  state[1] = math.max(state[1], now + math.min(ms, longest))
else
  for i, rule in ipairs(rules) do
    local left = rule.tokens and tokens or calls
    if rule.bucket and left >= 0 then state[i + 1][1] = math.max(state[i + 1][1], rule.capacity - left) end
  end
end

local idle = math.max(0, state[1] - now)
for i, rule in ipairs(rules) do
  local cell = state[i + 1]
  if rule.bucket then idle = math.max(idle, cell[1] / rule.pace)
  elseif cell[2] > 0 then idle = math.max(idle, slots * rule.pace) end
end
-- A second longer: who comes late after a wait is to find what was used.
if idle > 0 then redis.call('SET', KEYS[1], cmsgpack.pack(state), 'PX', string.format('%.0f', math.ceil(idle) + 1000))
else redis.call('DEL', KEYS[1]) end
return answer
`;
