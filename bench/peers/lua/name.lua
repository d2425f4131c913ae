-- Gives a product that is still shown its texts. KEYS[1]: its hash. ARGV: fields and values in turn.
if redis.call('EXISTS', KEYS[1]) == 1 then redis.call('HSET', KEYS[1], unpack(ARGV)) end
