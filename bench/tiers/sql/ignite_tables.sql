-- A basket lies on one node. Both cores work on a query (parallelism). A sum has the type of its column, so the amount has room for a year's sum.
CREATE TABLE lines (
  event_id varchar, line_position int, transaction_type varchar, channel varchar, store_id varchar, region varchar, department varchar,
  category varchar, product_id varchar, customer_id varchar, units bigint, net_amount decimal(18, 2), event_time timestamp,
  PRIMARY KEY (event_id, line_position)
) WITH "template=partitioned,backups=0,affinity_key=event_id,parallelism=2";

CREATE INDEX lines_by_customer ON lines (customer_id);

CREATE INDEX lines_by_time ON lines (event_time);

CREATE TABLE stock (
  product_id varchar, store_id varchar, units bigint, PRIMARY KEY (product_id, store_id)
) WITH "template=partitioned,backups=0,affinity_key=product_id,parallelism=2";

CREATE TABLE written (number bigint PRIMARY KEY, batch bigint) WITH "template=partitioned,backups=0";
