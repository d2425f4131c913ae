-- Reference data in Postgres, cached in the TaskManager. A change shows after the cache's time at most.
CREATE TEMPORARY TABLE products (
  product_id STRING, department STRING, category STRING, product_type STRING, brand STRING,
  PRIMARY KEY (product_id) NOT ENFORCED
) WITH (
  'connector' = 'jdbc', 'url' = 'jdbc:postgresql://${postgres}/reference', 'table-name' = 'products',
  'username' = 'reference', 'password' = '${password}',
  'lookup.cache' = 'PARTIAL', 'lookup.partial-cache.max-rows' = '100000',
  'lookup.partial-cache.expire-after-write' = '10 min', 'lookup.partial-cache.cache-missing-key' = 'true',
  'lookup.max-retries' = '5'
);
CREATE TEMPORARY TABLE stores (
  store_id STRING, store_name STRING, region STRING,
  PRIMARY KEY (store_id) NOT ENFORCED
) WITH (
  'connector' = 'jdbc', 'url' = 'jdbc:postgresql://${postgres}/reference', 'table-name' = 'stores',
  'username' = 'reference', 'password' = '${password}',
  'lookup.cache' = 'PARTIAL', 'lookup.partial-cache.max-rows' = '10000',
  'lookup.partial-cache.expire-after-write' = '10 min', 'lookup.partial-cache.cache-missing-key' = 'true',
  'lookup.max-retries' = '5'
);
CREATE TEMPORARY TABLE customers (
  customer_id STRING, age_band STRING, income_band STRING, household_size STRING,
  PRIMARY KEY (customer_id) NOT ENFORCED
) WITH (
  'connector' = 'jdbc', 'url' = 'jdbc:postgresql://${postgres}/reference', 'table-name' = 'customers',
  'username' = 'reference', 'password' = '${password}',
  'lookup.cache' = 'PARTIAL', 'lookup.partial-cache.max-rows' = '50000',
  'lookup.partial-cache.expire-after-write' = '10 min', 'lookup.partial-cache.cache-missing-key' = 'true',
  'lookup.max-retries' = '5'
);
