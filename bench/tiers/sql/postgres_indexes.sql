-- One for each way that the questions look lines up: by basket, by customer, by time.
ALTER TABLE lines ADD PRIMARY KEY (event_id, line_position);

CREATE INDEX lines_by_customer ON lines (customer_id);

CREATE INDEX lines_by_time ON lines (event_time);

ALTER TABLE stock ADD PRIMARY KEY (product_id, store_id);

VACUUM ANALYZE lines;

VACUUM ANALYZE stock;
