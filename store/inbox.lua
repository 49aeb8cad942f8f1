-- inbox.lua: acknowledged events whose process did not finish them.
--
-- KEYS: inbox sorted set, bodies hash, attempts hash, fence hash.
-- ARGV: lease name, token, put before (ms), now (ms), most.
-- Result: {member, time, body, attempts, …}, or "fenced". What is handed out
-- counts as put now, so that it does not come again at once.
local call = redis.call
local token = call('HGET', KEYS[4], ARGV[1])
if token and tonumber(token) > tonumber(ARGV[2]) then return 'fenced' end
local found = call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[3], 'WITHSCORES', 'LIMIT', 0, ARGV[5])
local out = {}
for j = 1, #found, 2 do
  out[#out + 1] = found[j]
  out[#out + 1] = found[j + 1]
  out[#out + 1] = call('HGET', KEYS[2], found[j]) or ''
  out[#out + 1] = tostring(call('HINCRBY', KEYS[3], found[j], 1))
  call('ZADD', KEYS[1], ARGV[4], found[j])
end
return out
