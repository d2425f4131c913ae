-- One row per store: its pairs as product:units:sold:returned, separated by spaces. A product's own colons and spaces are URL-encoded.
WITH counted AS (
  SELECT store_id, product_id, max(counted_at) AS counted_at, max_by(quantity, counted_at) AS quantity
  FROM lake.inventory.stock_counts WHERE mod(abs(from_big_endian_64(xxhash64(to_utf8(store_id)))), ${slices}) = ${number} GROUP BY 1, 2
),
delivered AS (
  SELECT r.store_id, r.product_id, sum(r.delivered_quantity) AS units
  FROM lake.inventory.restocks r JOIN counted c ON c.store_id = r.store_id AND c.product_id = r.product_id AND r.delivered_at > c.counted_at
  WHERE r.status = 'DELIVERED' GROUP BY 1, 2
),
sold AS (
  SELECT
    l.store_id, l.product_id, sum(l.quantity) FILTER (WHERE l.ingested_at <= ${before}) AS units,
    sum(greatest(l.quantity, 0)) FILTER (WHERE l.ingested_at > ${before}) AS sold, sum(greatest(-l.quantity, 0)) FILTER (WHERE l.ingested_at > ${before}) AS returned
  FROM lake.sales.lines l JOIN counted c ON c.store_id = l.store_id AND c.product_id = l.product_id AND l.event_time > c.counted_at
  WHERE l.ingested_at <= ${after} AND l.event_time > (SELECT min(counted_at) FROM lake.inventory.stock_counts) GROUP BY 1, 2
)
SELECT
  c.store_id,
  array_join(array_agg(concat(
    url_encode(c.product_id), ':', CAST(c.quantity + coalesce(d.units, 0) - coalesce(s.units, 0) AS varchar), ':',
    CAST(coalesce(s.sold, 0) AS varchar), ':', CAST(coalesce(s.returned, 0) AS varchar))), ' ')
FROM counted c
LEFT JOIN delivered d ON d.store_id = c.store_id AND d.product_id = c.product_id
LEFT JOIN sold s ON s.store_id = c.store_id AND s.product_id = c.product_id
GROUP BY c.store_id;
