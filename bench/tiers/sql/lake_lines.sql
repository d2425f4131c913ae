-- The lines of a range of time, always of the same snapshot: trade goes on. A share of the baskets is chosen by the hash of their ids.
SELECT
  event_id, coalesce(line_position, line_no) AS line_position, transaction_type, channel, store_id, region, department, category, product_id,
  customer_id, units, net_amount, ${event_time} AS event_time
FROM lake.sales.lines FOR VERSION AS OF ${snapshot}
WHERE event_time >= ${start} AND event_time < ${end}
  AND bitwise_and(from_big_endian_64(xxhash64(to_utf8(event_id))), ${mask}) < ${share} AND ${also}
