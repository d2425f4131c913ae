-- Notes how many lines have been counted, and when. KEYS: the total, the notes. ARGV[1]: how many more.
local now = redis.call('TIME')
redis.call('RPUSH', KEYS[2], now[1] .. '.' .. string.format('%06d', tonumber(now[2])) .. ' ' .. redis.call('INCRBY', KEYS[1], ARGV[1]))
