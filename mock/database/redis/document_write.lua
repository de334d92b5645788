-- KEYS: session, the world. ARGV: connection, number, the version before, the version after, epoch, document, when the world ends (Unix
-- seconds; 0: never), the beginning of the keys of lists.
return once(function()
  local now = redis.call('HMGET', KEYS[2], 'version', 'epoch')
  if (now[1] or '0') ~= ARGV[3] then return 'conflict' end
  redis.call('HSET', KEYS[2], 'version', ARGV[4], 'epoch', ARGV[5], 'document', ARGV[6], 'ends', ARGV[7])
  if ARGV[7] ~= '0' then redis.call('EXPIREAT', KEYS[2], ARGV[7]) end
  -- Requests under way end on the old lists.
  if now[2] and now[2] ~= ARGV[5] then redis.call('EXPIRE', ARGV[8] .. now[2], 60) end
  return 'done'
end)
