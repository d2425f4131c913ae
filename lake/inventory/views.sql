CREATE OR REPLACE VIEW lake.live.stock_by_store COMMENT 'Stock of each store and how much of it is low or out, up to this second' AS
SELECT h.store_id, coalesce(s.region, 'Unknown') AS region, h.products, h.stock_units, h.low, h.stock_out
FROM hot.inventory.by_store h LEFT JOIN lake.catalog.stores s ON s.store_id = h.store_id;

CREATE OR REPLACE VIEW lake.live.stock_by_department COMMENT 'Stock of each department over all stores and how much of it is low or out, up to this second' AS
SELECT department, products, stock_units, low, stock_out FROM hot.inventory.by_department;

-- The last alert of each pair of store and product, if it is still open. The end of the alert's id gives the order: the job's submission, then the
-- number of the pair's alert. The time does not: a delivery is booked hours later, so the alert that it closes may be newer, by up to the
-- days that a count may be late. An alert raised before the product's first known order takes the supplier of its last order since.
CREATE OR REPLACE VIEW lake.live.stock_alerts_open COMMENT 'Pairs of store and product that are low or out now, at most 13 s behind' AS
SELECT
  a.store_id, coalesce(r.region, 'Unknown') AS region, a.product_id, coalesce(a.department, '${no_department}') AS department, coalesce(p.category, 'Unknown') AS category,
  CASE a.level WHEN 'OUT' THEN 'Out' ELSE 'Low' END AS level, a.stock_units, a.units_a_day, a.days_of_cover, coalesce(s.supplier_name, 'Never ordered') AS supplier_name, a.lead_time_days,
  CAST(a.raised_at AT TIME ZONE 'UTC' AS timestamp(6)) AS raised_at
FROM (
  SELECT *, row_number() OVER (PARTITION BY store_id, product_id ORDER BY CAST(element_at(split(alert_id, '-'), -2) AS bigint) DESC, CAST(element_at(split(alert_id, '-'), -1) AS bigint) DESC) AS place
  FROM lake.inventory.alerts WHERE raised_at >= current_timestamp - INTERVAL '${uncounted_or_late_days}' DAY
) a
LEFT JOIN lake.catalog.products p ON p.product_id = a.product_id
LEFT JOIN lake.catalog.stores r ON r.store_id = a.store_id
LEFT JOIN (SELECT product_id, max_by(supplier_id, ordered_at) AS supplier_id FROM lake.inventory.restocks GROUP BY 1) o ON o.product_id = a.product_id
LEFT JOIN lake.inventory.suppliers s ON s.supplier_id = coalesce(a.supplier_id, o.supplier_id)
WHERE a.place = 1 AND a.level <> 'OK' AND a.raised_at >= current_timestamp - INTERVAL '${uncounted_days}' DAY;

CREATE OR REPLACE VIEW lake.live.stock_alerts_today COMMENT 'Today''s alerts of stock, at most 13 s behind' AS
SELECT
  CAST(raised_at AT TIME ZONE 'UTC' AS timestamp(6)) AS raised_at, store_id, coalesce(department, '${no_department}') AS department,
  CASE level WHEN 'OUT' THEN 'Out' WHEN 'LOW' THEN 'Low' ELSE 'Over' END AS level
FROM lake.inventory.alerts WHERE raised_at >= date_trunc('day', current_timestamp AT TIME ZONE 'UTC');
