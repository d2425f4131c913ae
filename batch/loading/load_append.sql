-- Rows whose key is new. A row that has come before stays as it was: these dumps tell of what happened, once. One that tells of it differently
-- is in the quarantine by then (conflicts.sql).
MERGE INTO ${table} t USING ${staging} s ON ${same_key}
WHEN NOT MATCHED THEN INSERT (${columns}) VALUES (${staged});
