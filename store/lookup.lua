-- lookup.lua: rows of one table by id, by an exact word, or by prefixes.
--
-- KEYS: rows hash, words sorted set, tokens hash, and the rows hash of the table
-- that is read along (may be left out).
-- ARGV: id or "", exact word or "", limit, offset, pages, prefixes…
-- Result: {next offset or "", id, row, row read along or "", id, …}. The rarest prefix is
-- walked in pages of 500 entries; a row fits when each other prefix begins
-- one of its tokens.
local rows, words, toks, along = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local limit, offset, pages = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local call = redis.call

local function rowsOf(ids, next)
  local out = {next}
  if #ids == 0 then return out end
  local got = call('HMGET', rows, unpack(ids))
  local more = along and call('HMGET', along, unpack(ids))
  for j = 1, #ids do
    if got[j] then
      local n = #out
      out[n + 1], out[n + 2], out[n + 3] = ids[j], got[j], more and more[j] or ''
    end
  end
  return out
end

if ARGV[1] ~= '' then
  local v = call('HGET', rows, ARGV[1])
  if v then return {'', ARGV[1], v, along and call('HGET', along, ARGV[1]) or ''} end
end
if ARGV[2] ~= '' then
  local w = '=' .. ARGV[2]
  local found = call('ZRANGEBYLEX', words, '[' .. w .. '\0', '(' .. w .. '\1', 'LIMIT', 0, limit)
  if #found > 0 then
    for j = 1, #found do found[j] = string.sub(found[j], #w + 2) end
    return rowsOf(found, '')
  end
end

local rare, least = nil, nil
for j = 6, #ARGV do
  local n = call('ZLEXCOUNT', words, '[' .. ARGV[j], '(' .. ARGV[j] .. '\255')
  if n == 0 then return {''} end
  if not least or n < least then rare, least = j, n end
end
if not rare then return {''} end

local find, sub = string.find, string.sub
local others = {}
for j = 6, #ARGV do
  if j ~= rare then others[#others + 1] = ' ' .. ARGV[j] end
end
local ids, has, next = {}, {}, ''
for page = 1, pages do
  -- Most often the first few entries hold enough.
  local size = math.min(500, 60 + offset)
  local found = call('ZRANGEBYLEX', words, '[' .. ARGV[rare], '(' .. ARGV[rare] .. '\255', 'LIMIT', offset, size)
  local fresh = {}
  for j = 1, #found do
    local id = sub(found[j], (find(found[j], '\0', 1, true)) + 1)
    if not has[id] then
      has[id] = true
      fresh[#fresh + 1] = id
    end
  end
  for from = 1, #fresh, 60 do
    if #ids >= limit then break end
    local to = math.min(from + 59, #fresh)
    local tok = #others > 0 and call('HMGET', toks, unpack(fresh, from, to))
    for j = from, to do
      if #ids >= limit then break end
      local fits, has = true, tok and tok[j - from + 1]
      for a = 1, #others do
        if not has or not find(has, others[a], 1, true) then
          fits = false
          break
        end
      end
      if fits then ids[#ids + 1] = fresh[j] end
    end
  end
  offset = offset + #found
  if #ids >= limit or #found < size then break end
  if page == pages then next = tostring(offset) end
end
return rowsOf(ids, next)
