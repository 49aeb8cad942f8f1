-- outdone.lua: what became of a message that was handed out.
--
-- KEYS: items hash, queue, due, busy sorted sets, fence hash, result key, and
--   for each person whose data it holds the set of rows that hold some.
-- ARGV: lease name, token, field, id, "sent" | "later" | "unsure" | "doubt", time (ms),
--   value for the result key, its life (ms).
-- Result: 1, 0 when it was done before, or "fenced".
-- The result key is a string for "sent", a hash by id for "doubt". A message
-- about somebody of whom nothing is kept any more is neither sent again nor
-- kept as in doubt: it ends here.
local call, item, queue, due, busy = redis.call, KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local seen = call('HGET', KEYS[5], ARGV[1])
if seen and tonumber(seen) > tonumber(ARGV[2]) then return 'fenced' end
local field, id, what = ARGV[3], ARGV[4], ARGV[5]
local v = call('HGET', item, field)
if not v then return 0 end
local state, tries, token, at, m, rest = string.match(v, '^(%a)\t(%d+)\t(%d+)\t(%d+)\t([^\t]*)(\t.*)$')
if state ~= 's' and state ~= 'u' or token ~= ARGV[2] then return 0 end
local place = string.match(m, '^([^\31]*\31[^\31]*)\31')
call('ZREM', busy, field)
if what ~= 'sent' then
  for j = 7, #KEYS do
    if call('EXISTS', KEYS[j]) == 0 then what = 'drop' end
  end
end
if what == 'later' or what == 'unsure' then
  call('HSET', item, field, (what == 'later' and 'w' or 'd') .. '\t' .. tries .. '\t' .. token .. '\t' .. ARGV[6] .. '\t' .. m .. rest)
  call('ZADD', due, ARGV[6], place)
  return 1
end
call('HDEL', item, field)
call('ZREM', queue, m)
if what == 'sent' then
  call('SET', KEYS[6], ARGV[7], 'PX', ARGV[8])
elseif what == 'doubt' then
  call('HSET', KEYS[6], id, ARGV[7])
end
local first = call('ZRANGEBYLEX', queue, '[' .. place .. '\31', '(' .. place .. '\32', 'LIMIT', 0, 1)[1]
if not first then
  call('ZREM', due, place)
else
  local n = call('HGET', item, string.match(place, '^[^\31]*') .. '\31' .. string.match(first, '[^\31]*$'))
  call('ZADD', due, string.match(n or '', '^%a\t%d+\t%d+\t(%d+)') or ARGV[6], place)
end
return 1
