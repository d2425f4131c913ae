-- Reference data: 92,331 products, 457 stores, 801 households with demographic data. The TaskManager holds each table whole and reads it again when
-- it has changed; a change shows within half a minute. A table is looked up by its first column.
CREATE TEMPORARY TABLE products (
  product_id STRING, department STRING, category STRING, product_type STRING, brand STRING,
  PRIMARY KEY (product_id) NOT ENFORCED
) WITH (
  'connector' = 'reference', 'url' = 'jdbc:postgresql://${postgres}/reference?socketTimeout=30', 'table-name' = 'products',
  'username' = 'reference', 'password' = '${password}', 'reload-interval' = '30 s'
);
CREATE TEMPORARY TABLE stores (
  store_id STRING, store_name STRING, region STRING,
  PRIMARY KEY (store_id) NOT ENFORCED
) WITH (
  'connector' = 'reference', 'url' = 'jdbc:postgresql://${postgres}/reference?socketTimeout=30', 'table-name' = 'stores',
  'username' = 'reference', 'password' = '${password}', 'reload-interval' = '30 s'
);
CREATE TEMPORARY TABLE customers (
  customer_id STRING, age_band STRING, income_band STRING, household_size STRING,
  PRIMARY KEY (customer_id) NOT ENFORCED
) WITH (
  'connector' = 'reference', 'url' = 'jdbc:postgresql://${postgres}/reference?socketTimeout=30', 'table-name' = 'customers',
  'username' = 'reference', 'password' = '${password}', 'reload-interval' = '30 s'
);
-- Products with stock, their supplier and its lead time. Fuel has no stock, nor have products that are not in the master.
CREATE TEMPORARY TABLE supply (
  product_id STRING, department STRING, supplier_id STRING, lead_time_days STRING,
  PRIMARY KEY (product_id) NOT ENFORCED
) WITH (
  'connector' = 'reference', 'url' = 'jdbc:postgresql://${postgres}/reference?socketTimeout=30', 'table-name' = 'supply',
  'username' = 'reference', 'password' = '${password}', 'reload-interval' = '30 s'
);
