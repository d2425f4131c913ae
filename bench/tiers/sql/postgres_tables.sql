CREATE TABLE lines (
  event_id text NOT NULL, line_position integer NOT NULL, transaction_type text NOT NULL, channel text NOT NULL, store_id text NOT NULL,
  region text, department text NOT NULL, category text, product_id text NOT NULL, customer_id text, units bigint NOT NULL,
  net_amount numeric(12, 2) NOT NULL, event_time timestamp NOT NULL
);

CREATE TABLE stock (product_id text NOT NULL, store_id text NOT NULL, units bigint NOT NULL);

CREATE TABLE written (number bigint PRIMARY KEY);
