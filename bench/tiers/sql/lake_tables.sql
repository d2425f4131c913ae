-- The columns and types of lake.sales.lines that the questions ask for. The stock has a row for each pair of product and store.
CREATE TABLE lake.bench.lines_${kind} (
  event_id varchar, line_position integer, transaction_type varchar, channel varchar, store_id varchar, region varchar, department varchar,
  category varchar, product_id varchar, customer_id varchar, units bigint, net_amount decimal(12, 2), event_time timestamp(6) with time zone
) WITH (format_version = 2, max_commit_retry = 20, partitioning = ARRAY['day(event_time)']);

CREATE TABLE lake.bench.stock_${kind} (product_id varchar, store_id varchar, units bigint) WITH (format_version = 2, max_commit_retry = 20);

CREATE TABLE lake.bench.written_${kind} (number bigint) WITH (format_version = 2, max_commit_retry = 20);
