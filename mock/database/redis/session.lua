-- Before every script that changes something. KEYS[1] is the session of a replica, ARGV[1] one of its connections, and
-- ARGV[2] the number of the call on it. A call whose answer was lost comes again with its number, and gets the answer of
-- the first time; one that arrives after a later call of its connection is not carried out.
local function once(act)
  local last = redis.call('HGET', KEYS[1], ARGV[1])
  if last then
    local number, answer = string.match(last, '^(%d+) (.*)$')
    if number == ARGV[2] then return answer end
    if tonumber(number) > tonumber(ARGV[2]) then return 'late' end
  end
  local answer = act()
  local is_first = redis.call('HSET', KEYS[1], ARGV[1], ARGV[2] .. ' ' .. answer) == 1
  if is_first or tonumber(ARGV[2]) % 1000 == 0 then redis.call('EXPIRE', KEYS[1], 604800) end
  return answer
end

-- Keeps a key that counts for 30 days after its last use.
local function lasts(key)
  if redis.call('TTL', key) < 2500000 then redis.call('EXPIRE', key, 2592000) end
end
