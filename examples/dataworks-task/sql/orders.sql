INSERT OVERWRITE TABLE dwd_orders PARTITION (pt = '${bizdate}')
SELECT id, customer_id, amount
FROM ods_orders
WHERE pt = '${bizdate}' AND amount > 0;
