-- Rows of an append dump whose key was loaded before with other values: their lines, the fields that differ, and the file that brought the first.
SELECT s._line, concat_ws(', ', ${differing}), t.source_file
FROM ${staging} s JOIN ${table} t ON ${same_key}
WHERE ${differs};
