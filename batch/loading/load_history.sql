-- Slowly changing dimension, type 2, in one commit: a reader sees the state before or after. First the table is set back to the state
-- before this business date (UNDO, HOLD), then the file is applied (END, BEGIN). So the same file, a corrected file and a late file all
-- give the result of the files in order. After a late file, the files of the later days are loaded again.
MERGE INTO ${table} t USING (
  SELECT
    ${held}, t.valid_from AS began,
    CASE WHEN t.valid_from >= DATE '${business_date}' THEN 'UNDO' WHEN s.business_date IS NOT NULL AND (${differs}) THEN 'END' ELSE 'HOLD' END AS act
  FROM ${table} t LEFT JOIN ${staging} s ON ${same_key}
  WHERE t.valid_from >= DATE '${business_date}' OR t.valid_to >= DATE '${business_date}'
    OR (t.is_current AND s.business_date IS NOT NULL AND (${differs}))
  UNION ALL
  SELECT ${staged}, CAST(NULL AS date), 'BEGIN'
  FROM ${staging} s LEFT JOIN ${table} t
    ON ${same_key} AND t.valid_from < DATE '${business_date}' AND (t.is_current OR t.valid_to >= DATE '${business_date}')
  WHERE t.valid_from IS NULL OR ${differs}
) s ON ${same_key} AND t.valid_from = s.began
WHEN MATCHED AND s.act = 'UNDO' THEN DELETE
WHEN MATCHED AND s.act = 'END' THEN UPDATE SET valid_to = DATE '${business_date}', is_current = false
WHEN MATCHED THEN UPDATE SET valid_to = NULL, is_current = true
WHEN NOT MATCHED THEN INSERT (${columns}, valid_from, is_current) VALUES (${staged}, DATE '${business_date}', true);
