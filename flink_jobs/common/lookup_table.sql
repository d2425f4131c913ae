-- Reference data: 92,331 products, 457 stores, 801 households with demographic data. The TaskManager holds each table whole and reads it again when
-- it has changed; a change shows within half a minute. A table is looked up by its first column.
CREATE TEMPORARY TABLE ${table} (
  ${columns},
  PRIMARY KEY (${key}) NOT ENFORCED
) WITH (
  'connector' = 'reference', 'url' = 'jdbc:postgresql://${postgres}:5432/reference?socketTimeout=30', 'table-name' = '${table}',
  'username' = 'reference', 'password' = '${password}', 'reload-interval' = '30 s'
);
