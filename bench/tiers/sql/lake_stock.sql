-- The newest count of each pair, of one snapshot.
SELECT product_id, store_id, CAST(max_by(quantity, counted_at) AS bigint) AS units
FROM lake.inventory.stock_counts FOR VERSION AS OF ${snapshot}
WHERE ${also}
GROUP BY product_id, store_id
