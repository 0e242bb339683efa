// Each runs in one step on the server, by its clock. KEYS[1] is a hash of the current versions by key, KEYS[2] the set of keys that are
// not deleted, KEYS[3] a hash of locks by key; the history of a key is a list beside them. A version is stored as its number, `w` or `d`
// (deleted), and JSON that the server does not look into; a lock as its fence, the end of its lease and its owner, who is "" for nobody.

const BEGIN = `
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local function whole(n) return string.format('%.0f', n) end
local function lockOf(key)
  local text = redis.call('HGET', KEYS[3], key)
  if not text then return 0, 0, '' end
  local fence, ends, owner = string.match(text, '^(%d+) (%d+) (.*)$')
  return tonumber(fence), tonumber(ends), owner
end
local function setLock(key, fence, ends, owner)
  redis.call('HSET', KEYS[3], key, whole(fence) .. ' ' .. whole(ends) .. ' ' .. owner)
end
`;

/** KEYS: the three, the history of each change. ARGV: counts of changes, checks, fences and listed keys (-1: not listed), most keys, kept
 *  versions; of each change key, expected version or "", `w` or `d`, JSON; of each check key and version; of each fence key and fence; the
 *  listed keys. Gives a word, and what belongs to it. */
export const COMMIT = `${BEGIN}
local changes, checks, fences = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local listed, most, kept = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local atChecks = 6 + 4 * changes
local atFences = atChecks + 2 * checks
local atListed = atFences + 2 * fences
for i = 0, fences - 1 do
  local key = ARGV[atFences + 2 * i + 1]
  if lockOf(key) ~= tonumber(ARGV[atFences + 2 * i + 2]) then return { 'fenced', key } end
end
local function versionOf(key)
  local stored = redis.call('HGET', KEYS[1], key)
  if not stored then return 0, false, '' end
  local version, kind = string.match(stored, '^(%d+)([wd])')
  return tonumber(version), kind == 'w', stored
end
local answer, was = { 'conflict' }, {}
local function differs(key, stored)
  table.insert(answer, key)
  table.insert(answer, stored)
end
local added = 0
for i = 0, changes - 1 do
  local at = 6 + 4 * i
  local key, expected = ARGV[at + 1], ARGV[at + 2]
  local version, there, stored = versionOf(key)
  was[i] = { version, there }
  if expected ~= '' and tonumber(expected) ~= version then differs(key, stored) end
  if ARGV[at + 3] == 'w' then added = added + 1 end
  if there then added = added - 1 end
end
for i = 0, checks - 1 do
  local key = ARGV[atChecks + 2 * i + 1]
  local version, _, stored = versionOf(key)
  if tonumber(ARGV[atChecks + 2 * i + 2]) ~= version then differs(key, stored) end
end
if listed >= 0 then
  local gone, any = {}, {}
  for i = 1, listed do gone[ARGV[atListed + i]] = true end
  for _, key in ipairs(redis.call('SMEMBERS', KEYS[2])) do
    if gone[key] then gone[key] = nil else table.insert(any, key) end
  end
  for key in pairs(gone) do table.insert(any, key) end
  table.sort(any)
  for _, key in ipairs(any) do
    local _, _, stored = versionOf(key)
    differs(key, stored)
  end
end
if #answer > 1 then return answer end
local count = redis.call('SCARD', KEYS[2])
if added > 0 and count + added > most then return { 'full', whole(count) } end
answer = { 'committed' }
for i = 0, changes - 1 do
  local at = 6 + 4 * i
  local key, kind = ARGV[at + 1], ARGV[at + 3]
  local version, there = was[i][1], was[i][2]
  if kind == 'w' or there then
    version = version + 1
    local stored = whole(version) .. kind .. ARGV[at + 4]
    redis.call('HSET', KEYS[1], key, stored)
    redis.call(kind == 'w' and 'SADD' or 'SREM', KEYS[2], key)
    redis.call('LPUSH', KEYS[4 + i], stored)
    redis.call('LTRIM', KEYS[4 + i], 0, kept - 1)
  end
  table.insert(answer, whole(version))
end
return answer
`;

/** KEYS: the three. ARGV: keys. Gives what is stored of each, "" where nothing is. */
export const READ = `
local answer = {}
for i = 1, #ARGV do answer[i] = redis.call('HGET', KEYS[1], ARGV[i]) or '' end
return answer
`;

/** KEYS: the three. Gives key and version of all that are not deleted. */
export const SNAPSHOT = `
local answer = {}
for _, key in ipairs(redis.call('SMEMBERS', KEYS[2])) do
  table.insert(answer, key)
  table.insert(answer, redis.call('HGET', KEYS[1], key) or '')
end
return answer
`;

/** KEYS: the three, a history. */
export const HISTORY = `return redis.call('LRANGE', KEYS[4], 0, -1)`;

/** KEYS: the three. ARGV: key, owner, lease, longest lease. Gives the fence, or 0, the owner and how long he still has it. */
export const LOCK = `${BEGIN}
local key, owner, lease, longest = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local fence, ends, holder = lockOf(key)
if holder ~= owner then
  if holder ~= '' and ends > now and ends - now <= longest then return { '0', holder, whole(ends - now) } end
  fence = fence + 1
end
setLock(key, fence, now + lease, owner)
return { whole(fence) }
`;

/** KEYS: the three. ARGV: key, fence, lease. Gives whether it was still the holder's. */
export const EXTEND = `${BEGIN}
local fence, _, holder = lockOf(ARGV[1])
if holder == '' or fence ~= tonumber(ARGV[2]) then return 0 end
setLock(ARGV[1], fence, now + tonumber(ARGV[3]), holder)
return 1
`;

/** KEYS: the three. ARGV: key, fence. Gives whether it was still the holder's. */
export const UNLOCK = `${BEGIN}
local fence, _, holder = lockOf(ARGV[1])
if holder == '' or fence ~= tonumber(ARGV[2]) then return 0 end
setLock(ARGV[1], fence, 0, '')
return 1
`;
