SELECT
  (SELECT count(*) FROM "millrace"."orders_uploaded") AS "rows",
  (SELECT count(*) FROM "millrace"."orders_validated_previous") AS previous_rows
