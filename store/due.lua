-- due.lua: timers of a shard that are due, and when the next one is.
--
-- KEYS: due sorted set, bodies hash, attempts hash, fence hash.
-- ARGV: lease name, token, now in ms, most, and members handed out
--   already, each with its time then
-- Result: {next or "", member, time, body, attempts, …}, or "fenced". The
-- timers stay; each one handed out counts an attempt.
local call, due, now = redis.call, KEYS[1], ARGV[3]
local token = call('HGET', KEYS[4], ARGV[1])
if token and tonumber(token) > tonumber(ARGV[2]) then return 'fenced' end
local busy = {}
for j = 5, #ARGV, 2 do busy[ARGV[j]] = ARGV[j + 1] end
local most = tonumber(ARGV[4])
local found = call('ZRANGEBYSCORE', due, '-inf', now, 'WITHSCORES', 'LIMIT', 0, most + (#ARGV - 4) / 2)
local out, n = {''}, 0
for j = 1, #found, 2 do
  if busy[found[j]] ~= found[j + 1] and n < most then
    local tries = call('HINCRBY', KEYS[3], found[j], 1)
    out[#out + 1] = found[j]
    out[#out + 1] = found[j + 1]
    out[#out + 1] = call('HGET', KEYS[2], found[j]) or ''
    out[#out + 1] = tostring(tries)
    n = n + 1
  end
end
local next = call('ZRANGEBYSCORE', due, '(' .. now, '+inf', 'WITHSCORES', 'LIMIT', 0, 1)
if next[2] then out[1] = next[2] end
return out
