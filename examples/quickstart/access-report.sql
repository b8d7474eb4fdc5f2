INSERT OVERWRITE TABLE access_report PARTITION (pt = '${bizdate}')
SELECT api, COUNT(*) AS calls
FROM dw_open_api_invoke_log_details_business
WHERE pt = '${bizdate}'
GROUP BY api;
