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
