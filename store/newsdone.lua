-- newsdone.lua: take news off the stream, or count that it was found again.
--
-- KEYS: news stream, attempts hash, fence hash.
-- ARGV: lease name, token, "done" or "again", entry ids…
-- Result: "fenced", or for "again" the attempts of each entry.
local call = redis.call
local token = call('HGET', KEYS[3], ARGV[1])
if token and tonumber(token) > tonumber(ARGV[2]) then return 'fenced' end
if ARGV[3] == 'done' then
  call('XDEL', KEYS[1], unpack(ARGV, 4))
  if call('EXISTS', KEYS[2]) == 1 then call('HDEL', KEYS[2], unpack(ARGV, 4)) end
  return 1
end
local out = {}
for j = 4, #ARGV do out[#out + 1] = call('HINCRBY', KEYS[2], ARGV[j], 1) end
return out
