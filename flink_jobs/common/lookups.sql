-- Reference data, held whole in the TaskManager (92,331 products, 457 stores, 801 households that told of themselves) and read again when
-- it has changed: that shows within half a minute. Each is looked up by its first column.
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
-- What is kept on shelves, who delivers it and how long that takes: no fuel, and nothing that is not in the product master.
CREATE TEMPORARY TABLE supply (
  product_id STRING, department STRING, supplier_id STRING, lead_time_days STRING,
  PRIMARY KEY (product_id) NOT ENFORCED
) WITH (
  'connector' = 'reference', 'url' = 'jdbc:postgresql://${postgres}/reference?socketTimeout=30', 'table-name' = 'supply',
  'username' = 'reference', 'password' = '${password}', 'reload-interval' = '30 s'
);
