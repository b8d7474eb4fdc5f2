INSERT OVERWRITE TABLE dwd_orders SELECT id, customer_id, amount FROM ods_orders WHERE amount > 0;
