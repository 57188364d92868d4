/**
 * What runs inside Redis: each script is atomic. A room is a hash and a stream.
 *
 *   hash    its keys and values; and @life, which names the time since this hash was made, @seq, how many writes there were, @at, the stream's entry of the last one,
 *           @division, what names the present division of the room, and @since/N, the news of the write N that was made while it was divided so
 *   stream  an entry for each write: n (its number), w (the relay), b (the news), e ("1": the room was emptied)
 */

/** A part of a command. */
export type CommandPart = string | Uint8Array | number;

/** Up to where a relay has heard of a room, as the check script wants to know it. */
export interface RoomPosition {
  readonly hash: string;
  readonly words: readonly CommandPart[];
  /** Which load of the room it belongs to. */
  readonly load: number;
}

/** How long the stream keeps what was written, in seconds. A relay that lags more loads its rooms anew. */
const keptSeconds = 60;
/** A stream of a room at rest goes after this time, in seconds: nobody needs it. */
const restSeconds = 3_600;
/** A room that nothing was ever written to goes after this time, in seconds. */
const unusedSeconds = 86_400;
/** Bytes after which no more entries are fetched at once. */
const fetchedBytes = 1024 * 1024;

/** KEYS hash, stream. ARGV epoch, life: for a hash that has none. Returns all fields and values. */
export const loadScript = `
if redis.call('HSETNX', KEYS[1], 'meta/epoch', ARGV[1]) == 1 then
  redis.call('EXPIRE', KEYS[1], ${unusedSeconds})
  -- Of a hash that was lost: its numbers would be taken for those of this one.
  redis.call('DEL', KEYS[2])
end
redis.call('HSETNX', KEYS[1], '@life', ARGV[2])
return redis.call('HGETALL', KEYS[1])`;

/** Whether what a relay has heard, up to the entry \`at\` in this life and epoch, is still what Redis has. */
const knows = `
local function knows(hash, stream, life, epoch, at)
  local found = redis.call('HMGET', hash, '@life', 'meta/epoch', '@at')
  if found[1] ~= life or found[2] ~= epoch then return false end
  if at == '' or found[3] == at then return true end
  return #redis.call('XRANGE', stream, at, at) == 1
end`;

/**
 * KEYS hash, stream. ARGV life, epoch, at. Returns false where the room must be loaded anew, else
 * entries after \`at\`: about 200 or ${fetchedBytes} bytes at most, and one at least if there is one.
 */
export const fetchScript = `${knows}
if not knows(KEYS[1], KEYS[2], ARGV[1], ARGV[2], ARGV[3]) then return false end
local found, bytes, from = {}, 0, ARGV[3] == '' and '-' or '(' .. ARGV[3]
while true do
  local page = redis.call('XRANGE', KEYS[2], from, '+', 'COUNT', 8)
  for _, entry in ipairs(page) do
    found[#found + 1] = entry
    from = '(' .. entry[1]
    for _, value in ipairs(entry[2]) do bytes = bytes + #value end
  end
  if #page < 8 or #found >= 200 or bytes >= ${fetchedBytes} then return found end
end`;

/**
 * KEYS the hashes of several rooms. ARGV for each: life, epoch, number and entry of the last write
 * that was heard. Returns a number for each: of the
 * last write that there is, or -1 where the room must be loaded anew.
 */
export const checkScript = `
local numbers = {}
for i, hash in ipairs(KEYS) do
  local life, epoch, heard, at = ARGV[4 * i - 3], ARGV[4 * i - 2], tonumber(ARGV[4 * i - 1]), ARGV[4 * i]
  local found = redis.call('HMGET', hash, '@life', 'meta/epoch', '@seq', '@at')
  local number = tonumber(found[3] or 0)
  if found[1] ~= life or found[2] ~= epoch or number < heard or (number == heard and (found[4] or '') ~= at) then
    number = -1
  elseif number == 0 then
    -- It is still used, and so must not go.
    redis.call('EXPIRE', hash, ${unusedSeconds})
  end
  numbers[i] = number
end
return numbers`;

/**
 * KEYS hash, stream. ARGV life, epoch, at, relay, news, channel, empties ("1" or ""), division ("" or "=" and its name, empty for none), then for each change: key,
 * "=" or "-" (put or remove), value, and "" (whatever is there), "0" (nothing) or "1" (this value), value. Where it empties the room, the first change is its new
 * epoch. Returns {"outdated"}, {"behind"}, {"refused", key, value or false}, or {"written", n, at}.
 */
export const writeScript = `${knows}
local hash, stream = KEYS[1], KEYS[2]
local life, epoch, heardAt, relay, news, channel = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]
local empties, division, first = ARGV[7] == '1', ARGV[8], 9
-- Its answer was lost, and it is tried again: what came since belongs to the new life.
if empties and redis.call('HGET', hash, 'meta/epoch') == ARGV[first + 2] then return {'written', 0, ''} end
if not knows(hash, stream, life, epoch, heardAt) then return {'outdated'} end
for i = first, #ARGV, 5 do
  local wants = ARGV[i + 3]
  if wants ~= '' then
    local found = redis.call('HGET', hash, ARGV[i])
    local expected = wants == '1' and ARGV[i + 4]
    if found ~= expected and found ~= ARGV[i + 2] then return {'refused', ARGV[i], found} end
  end
end
-- After what was expected: whoever is told that something else is there need not hear the rest first.
if division ~= '' and (redis.call('HGET', hash, '@at') or '') ~= heardAt then return {'behind'} end
if empties then
  local kept = redis.call('HMGET', hash, '@life', '@seq', '@at', '@division')
  redis.call('DEL', hash)
  for i, field in ipairs({'@life', '@seq', '@at', '@division'}) do
    if kept[i] then redis.call('HSET', hash, field, kept[i]) end
  end
end
if division ~= '' then
  for _, field in ipairs(redis.call('HKEYS', hash)) do
    if string.sub(field, 1, 7) == '@since/' then redis.call('HDEL', hash, field) end
  end
  redis.call('HSET', hash, '@division', string.sub(division, 2))
end
for i = first, #ARGV, 5 do
  if ARGV[i + 1] == '=' then redis.call('HSET', hash, ARGV[i], ARGV[i + 2]) else redis.call('HDEL', hash, ARGV[i]) end
end
local n = redis.call('HINCRBY', hash, '@seq', 1)
if division == '' and not empties and (redis.call('HGET', hash, '@division') or '') ~= '' then redis.call('HSET', hash, '@since/' .. n, news) end
local oldest = (redis.call('TIME')[1] - ${keptSeconds}) .. '000'
local at = redis.call('XADD', stream, 'MINID', '~', oldest, '*', 'n', n, 'w', relay, 'b', news, 'e', ARGV[7])
redis.call('HSET', hash, '@at', at)
redis.call('PERSIST', hash)
redis.call('EXPIRE', stream, ${restSeconds})
redis.call('PUBLISH', channel, 'n' .. n .. ' ' .. life)
return {'written', n, at}`;
