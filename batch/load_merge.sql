-- By key, the newest business date wins, so that a late file never puts an older state in the place of a newer one.
MERGE INTO ${table} t USING ${staging} s ON ${same_key}
WHEN MATCHED AND s.business_date >= t.business_date AND (${differs}) THEN UPDATE SET ${assignments}
WHEN NOT MATCHED THEN INSERT (${columns}) VALUES (${staged});
