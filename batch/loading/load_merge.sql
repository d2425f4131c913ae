-- By key, the newest business date wins, so that a late file never puts an older state in the place of a newer one. A newer file that says the
-- same advances the date too: otherwise a file of a day between two that agree would count as news. Since when a key is known does not depend on
-- the order in which the files came.
MERGE INTO ${table} t USING ${staging} s ON ${same_key}
WHEN MATCHED AND (s.business_date > t.business_date OR (s.business_date = t.business_date AND (${differs}))) THEN UPDATE SET ${assignments}
WHEN MATCHED AND s.business_date < t.known_since THEN UPDATE SET known_since = s.business_date
WHEN NOT MATCHED THEN INSERT (${columns}, known_since) VALUES (${staged}, s.business_date);
