-- pace.lua: the generic cell rate algorithm (ITU-T I.371), a leaky bucket in
-- one number: the theoretical arrival time of the next request.
--
-- KEYS: string. ARGV: now, one request's interval, the burst's length, all µs.
-- Result: 0 when the request may go now and is counted, else the µs to wait.
local now, gap, burst = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local tat = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now)
if tat - now > burst then return string.format('%.0f', tat - now - burst) end
tat = tat + gap
redis.call('SET', KEYS[1], string.format('%.0f', tat), 'PX', string.format('%.0f', math.ceil((tat - now) / 1000) + 1000))
return '0'
