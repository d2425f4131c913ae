-- Inserts rows with a new key. A loaded row never changes: these dumps record events. A row that differs from a loaded one is quarantined
-- before (conflicts.sql).
MERGE INTO ${table} t USING ${staging} s ON ${same_key}
WHEN NOT MATCHED THEN INSERT (${columns}) VALUES (${staged});
