-- Upsert by key: the newest business date wins, so a late file never replaces a newer state. A newer file with the same values also moves
-- the date forward; otherwise a file of a day in between would count as newer. known_since is the earliest date of a key, whatever the
-- order of the files.
MERGE INTO ${table} t USING ${staging} s ON ${same_key}
WHEN MATCHED AND (s.business_date > t.business_date OR (s.business_date = t.business_date AND (${differs}))) THEN UPDATE SET ${assignments}
WHEN MATCHED AND s.business_date < t.known_since THEN UPDATE SET known_since = s.business_date
WHEN NOT MATCHED THEN INSERT (${columns}, known_since) VALUES (${staged}, s.business_date);
