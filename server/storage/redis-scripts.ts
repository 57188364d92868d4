/**
 * What runs inside Redis: each script is atomic. A room is a hash and a stream.
 *
 *   hash    its keys and values; and @seq, how many writes there were, @at, the stream's entry of the last one, @division, what names the present division of the
 *           room, and @since/N, the news of the write N that was made while it was divided so
 *   stream  an entry for each write: n (its number), w (the relay), b (the news), e ("1": the room was emptied)
 */

/** How long the stream keeps what was written, in seconds. A relay that lags more loads its rooms anew. */
const keptSeconds = 60;
/** A stream of a room at rest goes after this time, in seconds: nobody needs it. */
const restSeconds = 3_600;
/** A room that nothing was ever written to goes after this time, in seconds. */
const unusedSeconds = 86_400;

/** KEYS hash. ARGV epoch. Returns all fields and values. */
export const loadScript = `
if redis.call('HSETNX', KEYS[1], 'meta/epoch', ARGV[1]) == 1 then redis.call('EXPIRE', KEYS[1], ${unusedSeconds}) end
return redis.call('HGETALL', KEYS[1])`;

/** Whether what a relay has heard (up to the entry \`at\`, in the life \`epoch\`) is still what Redis has. */
const knows = `
local function knows(hash, stream, epoch, at)
  if redis.call('HGET', hash, 'meta/epoch') ~= epoch then return false end
  if at == '' or redis.call('HGET', hash, '@at') == at then return true end
  return #redis.call('XRANGE', stream, at, at) == 1
end`;

/** KEYS hash, stream. ARGV epoch, at. Returns false where the room must be loaded anew, else the entries after \`at\`, 200 at most. */
export const fetchScript = `${knows}
if not knows(KEYS[1], KEYS[2], ARGV[1], ARGV[2]) then return false end
return redis.call('XRANGE', KEYS[2], ARGV[2] == '' and '-' or '(' .. ARGV[2], '+', 'COUNT', 200)`;

/**
 * KEYS hash, stream. ARGV epoch, at, relay, news, channel, empties ("1" or ""), division ("" or "=" and its name, empty for none), then for each change: key, "=" or "-" (put or remove), value, and
 * "" (whatever is there), "0" (nothing) or "1" (this value), value. Where it empties the room, the first change is its new epoch. Returns {"outdated"}, {"behind"}, {"refused", key, value or false}, or {"written", n, at}.
 */
export const writeScript = `${knows}
local hash, stream, relay, empties = KEYS[1], KEYS[2], ARGV[3], ARGV[6] == '1'
-- Its answer was lost, and it is tried again: what came since belongs to the new life.
if empties and redis.call('HGET', hash, 'meta/epoch') == ARGV[10] then return {'written', 0, ''} end
if not knows(hash, stream, ARGV[1], ARGV[2]) then return {'outdated'} end
for i = 8, #ARGV, 5 do
  local wants = ARGV[i + 3]
  if wants ~= '' then
    local found = redis.call('HGET', hash, ARGV[i])
    local expected = wants == '1' and ARGV[i + 4]
    if found ~= expected and found ~= ARGV[i + 2] then return {'refused', ARGV[i], found} end
  end
end
-- After what was expected: whoever is told that something else is there need not hear the rest first.
if ARGV[7] ~= '' and (redis.call('HGET', hash, '@at') or '') ~= ARGV[2] then return {'behind'} end
if empties then
  local kept = redis.call('HMGET', hash, '@seq', '@at', '@division')
  redis.call('DEL', hash)
  for i, field in ipairs({'@seq', '@at', '@division'}) do
    if kept[i] then redis.call('HSET', hash, field, kept[i]) end
  end
end
if ARGV[7] ~= '' then
  for _, field in ipairs(redis.call('HKEYS', hash)) do
    if string.sub(field, 1, 7) == '@since/' then redis.call('HDEL', hash, field) end
  end
  redis.call('HSET', hash, '@division', string.sub(ARGV[7], 2))
end
for i = 8, #ARGV, 5 do
  if ARGV[i + 1] == '=' then redis.call('HSET', hash, ARGV[i], ARGV[i + 2]) else redis.call('HDEL', hash, ARGV[i]) end
end
local n = redis.call('HINCRBY', hash, '@seq', 1)
if ARGV[7] == '' and not empties and (redis.call('HGET', hash, '@division') or '') ~= '' then redis.call('HSET', hash, '@since/' .. n, ARGV[4]) end
local oldest = (redis.call('TIME')[1] - ${keptSeconds}) .. '000'
local at = redis.call('XADD', stream, 'MINID', '~', oldest, '*', 'n', n, 'w', relay, 'b', ARGV[4], 'e', ARGV[6])
redis.call('HSET', hash, '@at', at)
redis.call('PERSIST', hash)
redis.call('EXPIRE', stream, ${restSeconds})
redis.call('PUBLISH', ARGV[5], 'n' .. n)
return {'written', n, at}`;
