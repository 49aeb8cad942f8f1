-- outtake.lua: the first message of each place that is due, marked as being
-- sent before it is handed out.
--
-- KEYS: items hash, queue, due, busy sorted sets, fence hash.
-- ARGV: lease name, token, now (ms), most, how long a sender may take (ms),
--   and the fields that this owner is sending already.
-- Result: {next or "", field, item, doubt, …}, or "fenced". Doubt is 1 for a
-- message that somebody began to send and never finished, or did not learn whether
-- it arrived. What was handed to this very owner in an answer that it never got comes
-- again, as it was.
-- An item is "state attempts token at member body", with tabs between; the state is
-- w (waits), d (waits, in doubt), s (being sent) or u (being sent, in doubt).
local call, item, queue, due, busy = redis.call, KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local token, now, most = ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local seen = call('HGET', KEYS[5], ARGV[1])
if seen and tonumber(seen) > tonumber(token) then return 'fenced' end
local out, n = {''}, 0

local function hand(field, v, doubt)
  local tries, at, rest = string.match(v, '^%a\t(%d+)\t%d+\t(%d+)(\t.*)$')
  v = (doubt == 1 and 'u' or 's') .. '\t' .. string.format('%.0f', tonumber(tries) + 1) .. '\t' .. token .. '\t' .. at .. rest
  call('HSET', item, field, v)
  call('ZADD', busy, token, field)
  local place = string.match(rest, '^\t([^\31]*\31[^\31]*)\31')
  call('ZADD', due, string.format('%.0f', now + tonumber(ARGV[5])), place)
  out[#out + 1], out[#out + 2], out[#out + 3] = field, v, doubt
  n = n + 1
end

local mine = {}
for j = 6, #ARGV do mine[ARGV[j]] = true end
local left = call('ZRANGEBYSCORE', busy, '-inf', token, 'WITHSCORES', 'LIMIT', 0, most + #ARGV - 5)
for j = 1, #left, 2 do
  local v = call('HGET', item, left[j])
  if not v then
    call('ZREM', busy, left[j])
  elseif not mine[left[j]] and n < most then
    local own = tonumber(left[j + 1]) == tonumber(token)
    hand(left[j], v, own and string.sub(v, 1, 1) == 's' and 0 or 1)
  end
end

local places = call('ZRANGEBYSCORE', due, '-inf', ARGV[3], 'LIMIT', 0, most)
for j = 1, #places do
  local p = places[j]
  local first = call('ZRANGEBYLEX', queue, '[' .. p .. '\31', '(' .. p .. '\32', 'LIMIT', 0, 1)[1]
  local field = first and string.match(p, '^[^\31]*') .. '\31' .. string.match(first, '[^\31]*$')
  local v = field and call('HGET', item, field)
  if not first then
    call('ZREM', due, p)
  elseif not v then
    call('ZREM', queue, first)
  else
    local state, at = string.match(v, '^(%a)\t%d+\t%d+\t(%d+)')
    if state == 's' or state == 'u' then
      if n < most then hand(field, v, 1) end
    elseif tonumber(at) > now then
      call('ZADD', due, at, p)
    elseif n < most then
      hand(field, v, state == 'd' and 1 or 0)
    end
  end
end
local next = call('ZRANGE', due, 0, 0, 'WITHSCORES')
if next[2] then out[1] = next[2] end
return out
