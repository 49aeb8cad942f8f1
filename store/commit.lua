-- commit.lua: everything one act changes, or nothing.
--
-- KEYS: as the steps name them by position.
-- ARGV: the operation's id, then steps, each a letter and its arguments. All
-- that can refuse come first, and marks before all.
--   s key mark life        the mark "op reply" must not exist; made by the same op: already applied
--   r key id rev           the row must stand at rev; "0": it must not exist
--   u key field id other   the external id must be free, or belong to id or to other
--   h key field name       the field must exist
--   e key field value name the field must hold the value
--   k key name             the key must exist
--   f key lease token      no newer owner may have been seen
--   d key member now       the timer must still be due
--   n key field id         the outgoing message must be waiting
--   H key field value · Z key score member · z key member   HSET, ZADD, ZREM
--   W stream tenant kind body   a piece of news
--   ! cmd key n args…      any other plain write, with n arguments after the key
--   N key id rest          a new row: its revision is one more than any deleted one's
--   D key id rev           delete a row
--   X stream entry n keys… an audit entry, and its id into each record's history
--   O item queue due last field place id next now body   a message goes to the end of its place
--   B item queue due field id place                      a waiting message is taken back
-- Result: 1 when applied now or before; {"rev", id, rev, …} when new rows
-- start above 1; else {reason, …} and nothing was changed:
--   {"seen", reply} {"stale", key, id} {"taken", field, row} {"gone", name}
--   {"fenced"} {"late", id}
local call, op, i, n, born, marked = redis.call, ARGV[1], 2, #ARGV, nil, nil

-- refuse takes the marks back, which are all that was written so far.
local function refuse(why)
  if marked then call('DEL', unpack(marked)) end
  return why
end

-- head makes the first message of a place the one that is due.
local function head(item, queue, due, place)
  local first = call('ZRANGEBYLEX', queue, '[' .. place .. '\31', '(' .. place .. '\32', 'LIMIT', 0, 1)[1]
  if not first then return call('ZREM', due, place) end
  local id = string.match(first, '[^\31]*$')
  local v = call('HGET', item, string.match(place, '^[^\31]*') .. '\31' .. id)
  local state, at = string.match(v or '', '^(%a)\t%d+\t%d+\t(%d+)\t')
  if state == 'w' or state == 'd' then call('ZADD', due, at, place) end
end

while i <= n do
  local o, k = ARGV[i], KEYS[tonumber(ARGV[i + 1])]
  if o == 'H' then
    call('HSET', k, ARGV[i + 2], ARGV[i + 3])
    i = i + 4
  elseif o == 'Z' then
    call('ZADD', k, ARGV[i + 2], ARGV[i + 3])
    i = i + 4
  elseif o == 'z' then
    call('ZREM', k, ARGV[i + 2])
    i = i + 3
  elseif o == 'r' then
    local v, rev = call('HGET', k, ARGV[i + 2]), ARGV[i + 3]
    if v then
      if string.sub(v, 1, #rev + 1) ~= rev .. ' ' then return refuse({'stale', k, ARGV[i + 2]}) end
    elseif rev ~= '0' then
      return refuse({'stale', k, ARGV[i + 2]})
    end
    i = i + 4
  elseif o == 's' then
    if call('SET', k, ARGV[i + 2], 'PX', ARGV[i + 3], 'NX') then
      marked = marked or {}
      marked[#marked + 1] = k
    else
      local v = call('GET', k)
      if string.sub(v, 1, #op + 1) == op .. ' ' then return 1 end
      return refuse({'seen', string.sub(v, (string.find(v, ' ', 1, true)) + 1)})
    end
    i = i + 4
  elseif o == 'W' then
    call('XADD', k, '*', 't', ARGV[i + 2], 'k', ARGV[i + 3], 'b', ARGV[i + 4])
    i = i + 5
  elseif o == '!' then
    local cmd, c = ARGV[i + 1], tonumber(ARGV[i + 3])
    call(cmd, KEYS[tonumber(ARGV[i + 2])], unpack(ARGV, i + 4, i + 3 + c))
    i = i + 4 + c
  elseif o == 'X' then
    local id, c = call('XADD', k, '*', 'e', ARGV[i + 2]), tonumber(ARGV[i + 3])
    for j = i + 4, i + 3 + c do call('RPUSH', KEYS[tonumber(ARGV[j])], id) end
    i = i + 4 + c
  elseif o == 'N' then
    local top, id = call('HGET', k, ''), ARGV[i + 2]
    local rev = '1'
    if top then
      rev = string.format('%.0f', tonumber(top) + 1)
      born = born or {'rev'}
      born[#born + 1], born[#born + 2] = k .. '\0' .. id, rev
    end
    call('HSET', k, id, rev .. ' ' .. ARGV[i + 3])
    i = i + 4
  elseif o == 'D' then
    call('HDEL', k, ARGV[i + 2])
    local top = call('HGET', k, '')
    if not top or tonumber(top) < tonumber(ARGV[i + 3]) then call('HSET', k, '', ARGV[i + 3]) end
    i = i + 4
  elseif o == 'u' then
    local v = call('HGET', k, ARGV[i + 2])
    if v and v ~= ARGV[i + 3] and v ~= ARGV[i + 4] then return refuse({'taken', ARGV[i + 2], v}) end
    i = i + 5
  elseif o == 'h' then
    if call('HEXISTS', k, ARGV[i + 2]) == 0 then return refuse({'gone', ARGV[i + 3]}) end
    i = i + 4
  elseif o == 'e' then
    if call('HGET', k, ARGV[i + 2]) ~= ARGV[i + 3] then return refuse({'gone', ARGV[i + 4]}) end
    i = i + 5
  elseif o == 'k' then
    if call('EXISTS', k) == 0 then return refuse({'gone', ARGV[i + 2]}) end
    i = i + 3
  elseif o == 'f' then
    local v = call('HGET', k, ARGV[i + 2])
    if v and tonumber(v) > tonumber(ARGV[i + 3]) then return refuse({'fenced'}) end
    i = i + 4
  elseif o == 'd' then
    local at = call('ZSCORE', k, ARGV[i + 2])
    if not at or tonumber(at) > tonumber(ARGV[i + 3]) then return refuse({'gone', ARGV[i + 4]}) end
    i = i + 5
  elseif o == 'n' then
    local v = call('HGET', k, ARGV[i + 2])
    if not v or string.sub(v, 1, 1) ~= 'w' then return refuse({'late', ARGV[i + 3]}) end
    i = i + 4
  elseif o == 'O' then
    local queue, due, last = KEYS[tonumber(ARGV[i + 2])], KEYS[tonumber(ARGV[i + 3])], KEYS[tonumber(ARGV[i + 4])]
    local field, place, id, at, now = ARGV[i + 5], ARGV[i + 6], ARGV[i + 7], ARGV[i + 8], tonumber(ARGV[i + 9])
    if call('HEXISTS', k, field) == 0 then
      -- Clocks of processes differ a little: never sort behind what was put before.
      local stamp, before = now, tonumber(call('GET', last) or '0')
      if before >= stamp and before < stamp + 5000000 then stamp = before + 1 end
      local s = string.format('%016.0f', stamp)
      call('SET', last, s)
      local ms, sort = at, nil
      if at == '0' then
        ms, sort = string.format('%.0f', math.floor(now / 1000)), s
      else
        sort = string.format('%016.0f', tonumber(at) * 1000)
      end
      local m = place .. '\31' .. sort .. '\31' .. s .. '\31' .. id
      call('HSET', k, field, 'w\t0\t0\t' .. ms .. '\t' .. m .. '\t' .. ARGV[i + 10])
      call('ZADD', queue, 0, m)
      if call('ZADD', due, 'NX', ms, place) == 0 then
        local first = call('ZRANGEBYLEX', queue, '[' .. place .. '\31', '(' .. place .. '\32', 'LIMIT', 0, 1)[1]
        if first == m then call('ZADD', due, ms, place) end
      end
    end
    i = i + 11
  elseif o == 'B' then
    local queue, due = KEYS[tonumber(ARGV[i + 2])], KEYS[tonumber(ARGV[i + 3])]
    local v = call('HGET', k, ARGV[i + 4])
    local m = string.match(v, '^%a\t%d+\t%d+\t%d+\t([^\t]*)\t')
    call('HDEL', k, ARGV[i + 4])
    call('ZREM', queue, m)
    head(k, queue, due, string.match(m, '^([^\31]*\31[^\31]*)\31'))
    i = i + 5
  else
    return redis.error_reply('ERR commit: unknown step ' .. tostring(o))
  end
end
return born or 1
