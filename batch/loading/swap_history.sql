-- Makes the table equal to its rebuilt copy, in one commit: until then readers see the old state.
MERGE INTO ${table} t USING (
  SELECT ${now}, 'PUT' AS act
  FROM ${rebuilt} n LEFT JOIN ${table} t ON ${same_version}
  WHERE t.valid_from IS NULL OR ${differs}
  UNION ALL
  SELECT ${was}, 'DROP'
  FROM ${table} t LEFT JOIN ${rebuilt} n ON ${same_version}
  WHERE n.valid_from IS NULL
) n ON ${same_version}
WHEN MATCHED AND n.act = 'DROP' THEN DELETE
WHEN MATCHED THEN UPDATE SET ${assignments}
WHEN NOT MATCHED THEN INSERT (${columns}) VALUES (${now});
