-- Adds to hashes. KEYS: the hashes. ARGV[1]: the batch, or -1; then for each hash a JSON object: counts and cents to add, texts, and when it goes.
-- A batch that comes again adds nothing where it has added before.
local function money(cents)
  local sign = cents < 0 and '-' or ''
  cents = math.abs(cents)
  return string.format('%s%d.%02d', sign, math.floor(cents / 100), cents % 100)
end
local batch = tonumber(ARGV[1])
for i, key in ipairs(KEYS) do
  local more = cjson.decode(ARGV[i + 1])
  if batch < 0 or tonumber(redis.call('HGET', key, '_batch') or '-1') < batch then
    for name, count in pairs(more.counts) do redis.call('HINCRBY', key, name, count) end
    if more.cents then redis.call('HSET', key, 'net_amount', money(redis.call('HINCRBY', key, '_cents', more.cents))) end
    for name, text in pairs(more.texts) do redis.call('HSET', key, name, text) end
    if batch >= 0 then redis.call('HSET', key, '_batch', ARGV[1]) end
    redis.call('PEXPIREAT', key, more.expires)
  end
end
