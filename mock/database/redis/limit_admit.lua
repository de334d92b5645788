-- KEYS: session, the times of the last admitted requests (newest first), a clock. ARGV: connection, number, now in microseconds, how many
-- requests are admitted in a window, the window in microseconds. Answers the microseconds to wait.
-- Times are kept by a clock that never goes back: 'shift' is added to the mock's, so that ages stay when that is set back.
return once(function()
  local shift = tonumber(redis.call('HGET', KEYS[3], 'shift') or '0')
  local last = tonumber(redis.call('HGET', KEYS[3], 'last') or '-1e17')
  local now = tonumber(ARGV[3]) + shift
  if now < last - 1000000 then
    shift = shift + last - now
    now = last
    redis.call('HSET', KEYS[3], 'shift', string.format('%.0f', shift))
  elseif now < last then
    now = last
  end
  local most = tonumber(ARGV[4])
  local oldest = redis.call('LLEN', KEYS[2]) >= most and redis.call('LINDEX', KEYS[2], most - 1)
  if oldest and now < tonumber(oldest) + tonumber(ARGV[5]) then
    return string.format('%.0f', tonumber(oldest) + tonumber(ARGV[5]) - now)
  end
  redis.call('LPUSH', KEYS[2], string.format('%.0f', now))
  redis.call('LTRIM', KEYS[2], 0, most - 1)
  redis.call('HSET', KEYS[3], 'last', string.format('%.0f', now))
  lasts(KEYS[2])
  lasts(KEYS[3])
  return '0'
end)
