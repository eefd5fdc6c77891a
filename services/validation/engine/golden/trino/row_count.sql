SELECT count(*) AS "rows" FROM "millrace"."orders_uploaded"
