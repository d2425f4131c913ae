-- Adds to the sums of a day's products, and writes the fifty that sold for most. KEYS: the sums by product of cents, lines and units, the
-- products shown, the last batch. ARGV: the batch or -1, when it all goes, the start and the end of a product's key, the day, then for each
-- product its id, lines, units and cents. Gives the products that are shown now and were not before.
local function money(cents) return string.format('%d.%02d', math.floor(cents / 100), cents % 100) end
local batch = tonumber(ARGV[1])
if batch >= 0 then
  if tonumber(redis.call('GET', KEYS[5]) or '-1') >= batch then return {} end
  redis.call('SET', KEYS[5], ARGV[1])
end
for i = 6, #ARGV, 4 do
  redis.call('HINCRBY', KEYS[2], ARGV[i], ARGV[i + 1])
  redis.call('HINCRBY', KEYS[3], ARGV[i], ARGV[i + 2])
  redis.call('ZINCRBY', KEYS[1], ARGV[i + 3], ARGV[i])
end
local top = redis.call('ZREVRANGE', KEYS[1], 0, 49, 'WITHSCORES')
local shown, new = {}, {}
for i = 1, #top, 2 do
  local id = top[i]
  shown[id] = true
  if redis.call('SADD', KEYS[4], id) == 1 then new[#new + 1] = id end
  local key = ARGV[3] .. id .. ARGV[4]
  redis.call('HSET', key, 'day', ARGV[5], 'product_id', id, 'lines', redis.call('HGET', KEYS[2], id), 'units', redis.call('HGET', KEYS[3], id),
    'net_amount', money(tonumber(top[i + 1])))
  redis.call('PEXPIREAT', key, ARGV[2])
end
for _, id in ipairs(redis.call('SMEMBERS', KEYS[4])) do
  if not shown[id] then
    redis.call('SREM', KEYS[4], id)
    redis.call('DEL', ARGV[3] .. id .. ARGV[4])
  end
end
for i = 1, 5 do redis.call('PEXPIREAT', KEYS[i], ARGV[2]) end
return new
