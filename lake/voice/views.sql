-- Views of customers' texts and calls.
CREATE OR REPLACE VIEW lake.live.voice_by_minute COMMENT 'Texts of customers in the last 24 hours by minute and topic, and how satisfied they are, up to this second; ALL counts each text once' AS
SELECT
  CAST(from_iso8601_timestamp("minute") AT TIME ZONE 'UTC' AS timestamp(6)) AS "minute",
  CASE topic WHEN 'ALL' THEN 'All' WHEN 'APP' THEN 'App and website' ELSE upper(substr(topic, 1, 1)) || lower(substr(topic, 2)) END AS topic,
  topic = 'ALL' AS of_all, texts, negative, positive, CAST(sentiment_thousandths AS double) / 1000 AS sentiment_sum
FROM hot.voice.by_minute;

CREATE OR REPLACE VIEW lake.live.feedback_today COMMENT 'Today''s texts from the lake, at most 33 s behind, without personal data' AS
SELECT
  CAST(event_time AT TIME ZONE 'UTC' AS timestamp(6)) AS event_time, event_id, channel, language, text, rating, store_id, order_id, product_id,
  array_join(transform(topics, t -> upper(substr(t, 1, 1)) || lower(substr(t, 2))), ', ') AS topics, sentiment,
  upper(substr(intent, 1, 1)) || lower(substr(intent, 2)) AS intent, urgency
FROM lake.voice.feedback
WHERE event_time >= date_trunc('day', current_timestamp AT TIME ZONE 'UTC');

CREATE OR REPLACE VIEW lake.live.voice_by_store_today COMMENT 'Stores that customers wrote about today: how satisfied they are, and the store''s sales today' AS
SELECT f.store_id, f.texts, f.unhappy, f.sentiment_sum, CAST(coalesce(s.net_amount, 0) AS decimal(18, 2)) AS net_amount
FROM (
  SELECT store_id, count(*) AS texts, count_if(sentiment < ${unhappy}) AS unhappy, sum(sentiment) AS sentiment_sum
  FROM lake.live.feedback_today WHERE store_id IS NOT NULL GROUP BY store_id
) f
LEFT JOIN (
  SELECT store_id, sum(CAST(net_amount AS decimal(18, 2))) AS net_amount
  FROM hot.sales.by_store WHERE "day" = format_datetime(current_timestamp AT TIME ZONE 'UTC', 'yyyy-MM-dd') GROUP BY store_id
) s ON f.store_id = s.store_id;

CREATE OR REPLACE VIEW lake.live.calls_by_minute COMMENT 'Calls of the last 24 hours by the minute in which they ended and by queue, up to this second' AS
SELECT
  CAST(from_iso8601_timestamp("minute") AT TIME ZONE 'UTC' AS timestamp(6)) AS "minute",
  upper(substr(queue, 1, 1)) || lower(substr(queue, 2)) AS queue, calls, resolved, negative, CAST(sentiment_thousandths AS double) / 1000 AS sentiment_sum,
  CAST(duration_ms AS double) / 60000 AS talk_minutes, CAST(hold_ms AS double) / 60000 AS hold_minutes, transfers
FROM hot.voice.calls_by_minute;

CREATE OR REPLACE VIEW lake.live.calls_today COMMENT 'Today''s calls from the lake, at most 33 s behind, without personal data' AS
SELECT
  CAST(event_time AT TIME ZONE 'UTC' AS timestamp(6)) AS event_time, event_id, upper(substr(queue, 1, 1)) || lower(substr(queue, 2)) AS queue, agent_id, language, text,
  store_id, order_id, product_id, array_join(transform(topics, t -> upper(substr(t, 1, 1)) || lower(substr(t, 2))), ', ') AS topics, sentiment,
  IF(resolved, 'Yes', 'No') AS settled, duration_ms / 1000 AS seconds, hold_ms / 1000 AS hold_seconds, talk_share, interruptions, transfers
FROM lake.voice.calls
WHERE event_time >= date_trunc('day', current_timestamp AT TIME ZONE 'UTC');

CREATE OR REPLACE VIEW lake.live.voice_alerts COMMENT 'Topics, products and stores with more unhappy customers than usual, in the last 7 days, at most 33 s behind' AS
SELECT
  CAST(a.raised_at AT TIME ZONE 'UTC' AS timestamp(6)) AS raised_at, upper(substr(a.subject_kind, 1, 1)) || lower(substr(a.subject_kind, 2)) AS subject_kind,
  CASE a.subject_kind
    WHEN 'TOPIC' THEN IF(a.subject = 'APP', 'App and website', upper(substr(a.subject, 1, 1)) || lower(substr(a.subject, 2)))
    WHEN 'PRODUCT' THEN coalesce(p.product_type || ' (' || a.subject || ')', a.subject)
    ELSE coalesce(s.store_name, 'Store ' || a.subject)
  END AS subject,
  CAST(a.unhappy AS double) / a.contacts AS unhappy_share, CAST(a.usual_unhappy AS double) / a.usual_contacts AS usual_share, CAST(a.z AS double) AS z,
  array_join(a.examples, ' · ') AS examples
FROM lake.voice.alerts a
LEFT JOIN lake.catalog.products p ON a.subject_kind = 'PRODUCT' AND p.product_id = a.subject
LEFT JOIN lake.catalog.stores s ON a.subject_kind = 'STORE' AND s.store_id = a.subject
WHERE a.raised_at >= current_timestamp - INTERVAL '7' DAY;

CREATE OR REPLACE VIEW lake.live.voice_digests COMMENT 'What customers are unhappy and happy about, by day and department, in the last 30 days: the newest version of each' AS
SELECT CAST(day AS timestamp(6)) AS day, upper(substr(department, 1, 1)) || lower(substr(department, 2)) AS department, rank, claim, contacts, unhappy,
  cardinality(feedback_ids) AS cited, made_by
FROM (SELECT *, max(made_at) OVER (PARTITION BY day, department) AS newest FROM lake.voice.digests WHERE day > current_date - INTERVAL '30' DAY)
WHERE made_at = newest;

CREATE OR REPLACE VIEW lake.live.voice_models COMMENT 'Analyses of texts and calls by each model, compared with the analysis made on arrival' AS
WITH came AS (
  SELECT 'TEXT' AS kind, event_id, model, sentiment, topics, intent, CAST(null AS boolean) AS resolved FROM lake.voice.feedback
  UNION ALL
  SELECT 'CALL', event_id, model, sentiment, topics, intent, resolved FROM lake.voice.calls
)
SELECT kind, model, count(*) AS contacts, count_if(read_again) AS read_again, avg(sentiment) AS sentiment, avg(IF(sentiment < ${unhappy}, 1.0E0, 0.0E0)) AS unhappy_share,
  avg(abs(sentiment - sentiment_then)) AS sentiment_moved, avg(IF(array_sort(topics) = array_sort(topics_then), 1.0E0, 0.0E0)) AS same_topics_share,
  avg(IF(intent = intent_then, 1.0E0, 0.0E0)) AS same_intent_share, avg(IF(resolved = resolved_then, 1.0E0, 0.0E0)) FILTER (WHERE resolved_then IS NOT NULL) AS same_outcome_share
FROM (
  SELECT kind, model, false AS read_again, sentiment, topics, intent, resolved, sentiment AS sentiment_then, topics AS topics_then, intent AS intent_then,
    resolved AS resolved_then
  FROM came
  UNION ALL
  SELECT c.kind, r.model, true, r.sentiment, r.topics, r.intent, r.resolved, c.sentiment, c.topics, c.intent, c.resolved
  FROM lake.voice.readings r JOIN came c ON c.event_id = r.event_id
)
GROUP BY kind, model;

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
