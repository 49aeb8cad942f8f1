-- lease.lua: one owner at a time, with a token that rises with each new owner.
--
-- KEYS: lease string, fence hash.
-- ARGV: "take" | "keep" | "drop", owner, lease name, life in ms, token.
-- Result: the token held, or 0. Taking again as the same owner keeps it; an
-- expired lease that nobody took since may be kept.
local what, owner, name, life = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local held = redis.call('GET', KEYS[1])
if what == 'take' then
  if held then
    local token, by = string.match(held, '^(%d+) (.*)$')
    if by ~= owner then return 0 end
    redis.call('PEXPIRE', KEYS[1], life)
    return tonumber(token)
  end
  local token = redis.call('HINCRBY', KEYS[2], name, 1)
  redis.call('SET', KEYS[1], string.format('%.0f', token) .. ' ' .. owner, 'PX', life)
  return token
end
local mine = ARGV[5] .. ' ' .. owner
if what == 'drop' then
  if held == mine then redis.call('DEL', KEYS[1]) end
  return 0
end
if held == mine then
  redis.call('PEXPIRE', KEYS[1], life)
elseif not held and redis.call('HGET', KEYS[2], name) == ARGV[5] then
  redis.call('SET', KEYS[1], mine, 'PX', life)
else
  return 0
end
return tonumber(ARGV[5])
