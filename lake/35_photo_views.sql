-- Views of customers' photos. A barcode that starts with 20 is the shop's own: then ten digits of the product id and a check digit.
CREATE OR REPLACE VIEW lake.live.photos_today COMMENT 'Today''s photos of customers: small copies on which nobody can be recognised, at most 33 s behind' AS
SELECT
  CAST(p.event_time AT TIME ZONE 'UTC' AS timestamp(6)) AS event_time, p.event_id, upper(substr(p.kind, 1, 1)) || lower(substr(p.kind, 2)) AS kind, p.store_id,
  CASE p.kind
    WHEN 'RECEIPT' THEN 'Receipt of store ' || coalesce(p.receipt_store, '?') || coalesce(', ' || CAST(p.total_amount AS varchar) || ' USD', '')
    WHEN 'PRODUCT' THEN coalesce(c.product_type, element_at(p.barcodes, 1))
    WHEN 'SHELF' THEN 'Shelf' || coalesce(' in store ' || p.store_id, '')
    ELSE 'Other'
  END AS caption,
  p.faces, 'data:image/jpeg;base64,' || to_base64(p.thumbnail) AS picture
FROM lake.voice.photos p
LEFT JOIN lake.catalog.products c ON c.product_id = try(CAST(CAST(substr(element_at(p.barcodes, 1), 3, 10) AS bigint) AS varchar)) AND element_at(p.barcodes, 1) LIKE '20%'
WHERE p.event_time >= date_trunc('day', current_timestamp AT TIME ZONE 'UTC');

CREATE OR REPLACE VIEW lake.live.receipt_photos COMMENT 'Photos of receipts in the last 7 days with the sale of each, and whether the totals are equal to the cent' AS
SELECT event_id, event_time, receipt_store, receipt_number, bought_on, total_amount, sale_event_id, channel, lines, net_amount, matched
FROM (
  SELECT p.event_id, p.event_time, p.receipt_store, p.receipt_number, p.bought_on, p.total_amount, s.event_id AS sale_event_id, s.channel, s.lines, s.net_amount,
    coalesce(s.net_amount = p.total_amount, false) AS matched,
    -- A simulated till sells the same basket more than once on a day that is busier than the source data: take the last sale before the photo.
    row_number() OVER (PARTITION BY p.event_id ORDER BY coalesce(s.net_amount = p.total_amount, false) DESC, s.at <= p.event_time DESC, s.at DESC) AS place
  FROM lake.voice.photos p
  LEFT JOIN (
    SELECT event_id, transaction_id, store_id, channel, min(event_time) AS at, CAST(min(event_time) AT TIME ZONE 'UTC' AS date) AS day, count(*) AS lines,
      sum(net_amount) AS net_amount
    FROM lake.sales.lines
    WHERE transaction_type = 'SALE' AND event_time >= date_trunc('day', current_timestamp AT TIME ZONE 'UTC') - INTERVAL '10' DAY
    GROUP BY event_id, transaction_id, store_id, channel
  ) s ON s.transaction_id = p.receipt_number AND s.store_id = p.receipt_store AND s.day = p.bought_on
  WHERE p.kind = 'RECEIPT' AND p.event_time >= current_timestamp - INTERVAL '7' DAY
)
WHERE place = 1;

CREATE OR REPLACE VIEW lake.live.photos_alike COMMENT 'Photos of the last day that look like an earlier one: at most 6 of the 64 bits of their perceptual hashes differ' AS
SELECT p.event_id, p.event_time, min_by(e.event_id, e.event_time) AS duplicate_of, min(bit_count(bitwise_xor(p.likeness, e.likeness), 64)) AS bits
FROM lake.voice.photos p
JOIN lake.voice.photos e ON e.kind = p.kind AND e.event_time < p.event_time AND bit_count(bitwise_xor(p.likeness, e.likeness), 64) <= 6
WHERE p.event_time >= current_timestamp - INTERVAL '1' DAY AND e.event_time >= current_timestamp - INTERVAL '1' DAY
GROUP BY p.event_id, p.event_time;
