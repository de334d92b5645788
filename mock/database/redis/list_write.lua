-- KEYS: session, the lists of an epoch, the world. ARGV: connection, number, epoch, the contact's fields for version and text, the version
-- before, the version after, text.
return once(function()
  if (redis.call('HGET', KEYS[2], ARGV[4]) or '0') ~= ARGV[6] then return 'conflict' end
  redis.call('HSET', KEYS[2], ARGV[4], ARGV[7], ARGV[5], ARGV[8])
  -- Lists of an epoch that is over, or of a world that ends, do not stay for ever.
  if redis.call('HGET', KEYS[3], 'epoch') ~= ARGV[3] then
    redis.call('EXPIRE', KEYS[2], 60)
  elseif redis.call('TTL', KEYS[2]) < 0 then
    local left = redis.call('TTL', KEYS[3])
    if left > 0 then redis.call('EXPIRE', KEYS[2], left) end
  end
  return 'done'
end)
