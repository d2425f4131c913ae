-- The mart has every text and call up to its last one: the lake's tables only grow, in the order of analysis.
WITH mart AS (SELECT kind, count(*) AS contacts, max(analysed_at) AS until FROM {{ ref('contacts') }} GROUP BY 1),
lake AS (
  SELECT 'TEXT' AS kind, analysed_at FROM {{ source('voice', 'feedback') }} WHERE duplicate_of IS NULL AND intent <> 'SPAM'
  UNION ALL
  SELECT 'CALL', analysed_at FROM {{ source('voice', 'calls') }}
),
counted AS (SELECT l.kind, count(*) AS contacts FROM lake l JOIN mart m ON m.kind = l.kind WHERE l.analysed_at <= m.until GROUP BY 1)
SELECT m.kind, m.contacts, c.contacts AS in_the_lake FROM mart m LEFT JOIN counted c ON c.kind = m.kind WHERE m.contacts IS DISTINCT FROM c.contacts
