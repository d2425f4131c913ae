-- Rows of an append dump whose key was loaded before with other values: line, differing fields, and the file of the loaded row.
SELECT s._line, concat_ws(', ', ${differing}), t.source_file
FROM ${staging} s JOIN ${table} t ON ${same_key}
WHERE ${differs};
