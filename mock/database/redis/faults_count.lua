-- KEYS: session, counters. ARGV: connection, number, "INDEX:NTH:TIMES ..." of the rules that the request matches, in order.
-- Counts the request for each of them, and answers the place of the first due one, from 0 on, or -1.
return once(function()
  local due, place = -1, 0
  for index, nth, times in string.gmatch(ARGV[3], '(%d+):(%d+):(%d+)') do
    local matched = redis.call('HINCRBY', KEYS[2], 'm' .. index, 1)
    if due < 0 and matched >= tonumber(nth) then
      local done = tonumber(redis.call('HGET', KEYS[2], 'd' .. index) or '0')
      if times == '0' or done < tonumber(times) then
        redis.call('HINCRBY', KEYS[2], 'd' .. index, 1)
        due = place
      end
    end
    place = place + 1
  end
  lasts(KEYS[2])
  return tostring(due)
end)
