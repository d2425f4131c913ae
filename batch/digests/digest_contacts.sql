-- A day's texts and calls with the department of the product that each is about, or names. Duplicates and spam are left out.
WITH contacts AS (
  SELECT event_id, text_en, topics, sentiment, embedding, product_id, products_named FROM lake.voice.feedback
  WHERE event_time >= TIMESTAMP '${day} 00:00:00 UTC' AND event_time < TIMESTAMP '${day} 00:00:00 UTC' + INTERVAL '1' DAY AND duplicate_of IS NULL AND intent <> 'SPAM'
  UNION ALL
  SELECT event_id, text_en, topics, sentiment, embedding, product_id, products_named FROM lake.voice.calls
  WHERE event_time >= TIMESTAMP '${day} 00:00:00 UTC' AND event_time < TIMESTAMP '${day} 00:00:00 UTC' + INTERVAL '1' DAY
),
types AS (SELECT product_type, max(department) AS department FROM lake.catalog.products GROUP BY 1)
SELECT coalesce(p.department, t.department, '${whole_shop}') AS department, s.event_id, s.text_en, s.topics, s.sentiment, s.embedding
FROM contacts s
LEFT JOIN lake.catalog.products p ON p.product_id = s.product_id
LEFT JOIN types t ON p.product_id IS NULL AND t.product_type = element_at(s.products_named, 1)
ORDER BY 1, s.event_id;
