-- History of changes, type 2. First the table goes back to what it was before this business date, so that the same file, a corrected one and a
-- late one all give what the files in order would give (a late one is followed by the later days' files).
DELETE FROM ${table} WHERE valid_from >= DATE '${business_date}';

UPDATE ${table} SET valid_to = NULL, is_current = true WHERE valid_to >= DATE '${business_date}';

-- A changed row is there twice: once to end the version that holds, and once, with no key to match, to begin the next.
MERGE INTO ${table} t USING (
  SELECT s.*, true AS ends FROM ${staging} s
  UNION ALL
  SELECT s.*, false FROM ${staging} s JOIN ${table} t ON ${same_key} AND t.is_current WHERE ${differs}
) s ON ${same_key} AND t.is_current AND s.ends
WHEN MATCHED AND (${differs}) THEN UPDATE SET valid_to = DATE '${business_date}', is_current = false
WHEN NOT MATCHED THEN INSERT (${columns}, valid_from, is_current) VALUES (${staged}, DATE '${business_date}', true);
