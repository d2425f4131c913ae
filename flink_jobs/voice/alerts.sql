-- The subjects of each text and call: its topics, store and product.
CREATE TEMPORARY VIEW spoken_of AS
SELECT 'TOPIC' AS subject_kind, t.topic AS subject, event_id, event_time, felt, LEFT(text_en, 200) AS said, proc_time
FROM understood CROSS JOIN UNNEST(topics) AS t (topic)
UNION ALL
SELECT 'STORE', store_id, event_id, event_time, felt, LEFT(text_en, 200), proc_time FROM understood WHERE store_id IS NOT NULL
UNION ALL
SELECT 'PRODUCT', product_id, event_id, event_time, felt, LEFT(text_en, 200), proc_time FROM understood WHERE product_id IS NOT NULL;
-- A subject's last contacts, and up to `alert_usual_contacts` before them (tillstream/core/rules.py).
CREATE TEMPORARY VIEW compared AS
SELECT
  subject_kind, subject, event_id, event_time, felt, said, proc_time, contacts, unhappy, all_contacts - contacts AS usual_contacts, all_unhappy - unhappy AS usual_unhappy
FROM (
  SELECT
    *,
    COUNT(*) OVER (PARTITION BY subject_kind, subject ORDER BY proc_time ROWS BETWEEN ${alert_all_contacts_preceding} PRECEDING AND CURRENT ROW) AS all_contacts,
    SUM(is_unhappy) OVER (PARTITION BY subject_kind, subject ORDER BY proc_time ROWS BETWEEN ${alert_all_contacts_preceding} PRECEDING AND CURRENT ROW) AS all_unhappy
  FROM (
    SELECT
      *,
      COUNT(*) OVER (PARTITION BY subject_kind, subject ORDER BY proc_time ROWS BETWEEN ${alert_contacts_preceding} PRECEDING AND CURRENT ROW) AS contacts,
      SUM(is_unhappy) OVER (PARTITION BY subject_kind, subject ORDER BY proc_time ROWS BETWEEN ${alert_contacts_preceding} PRECEDING AND CURRENT ROW) AS unhappy
    FROM (SELECT *, CASE WHEN felt < ${unhappy_thousandths} THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END AS is_unhappy FROM spoken_of)
  )
);
-- z: by how many standard deviations the unhappy contacts among the last ones exceed a binomial count with the usual share. Laplace smoothing keeps the
-- share between 0 and 1.
CREATE TEMPORARY VIEW judged AS
SELECT *, (unhappy - contacts * share) / SQRT(contacts * share * (1 - share)) AS z
FROM (
  SELECT
    *, CAST(usual_unhappy + 1 AS DOUBLE) / (usual_contacts + 2) AS share,
    LISTAGG(event_id, U&'\001E') OVER (PARTITION BY subject_kind, subject ORDER BY proc_time ROWS BETWEEN 4 PRECEDING AND CURRENT ROW) AS example_ids,
    LISTAGG(said, U&'\001E') OVER (PARTITION BY subject_kind, subject ORDER BY proc_time ROWS BETWEEN 4 PRECEDING AND CURRENT ROW) AS examples
  FROM compared WHERE felt < ${unhappy_thousandths}
);
-- The columns and their order are those of the contract and of the table. At most one alert per subject and hour.
SELECT
  CONCAT_WS('-', subject_kind, subject, DATE_FORMAT(event_time, 'yyyyMMddHH')) AS alert_id, subject_kind, subject, contacts, unhappy, usual_contacts, usual_unhappy,
  CAST(z AS DECIMAL(8, 2)) AS z, SPLIT(example_ids, U&'\001E') AS example_ids, SPLIT(examples, U&'\001E') AS examples, event_time AS raised_at
FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY subject_kind, subject, `hour` ORDER BY proc_time ASC) AS alert_no
  FROM (SELECT *, FLOOR(event_time TO HOUR) AS `hour` FROM judged WHERE contacts = ${alert_contacts} AND usual_contacts >= ${alert_contacts} AND z >= ${alert_z})
)
WHERE alert_no = 1;
