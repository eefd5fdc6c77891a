WITH
texts AS (
  SELECT
    *,
    CASE WHEN "id" NOT IN ('') THEN "id" END AS t0,
    CASE WHEN "amount" NOT IN ('') THEN "amount" END AS t1,
    CASE WHEN "items" NOT IN ('') THEN "items" END AS t2,
    CASE WHEN "paid ""up""" NOT IN ('') THEN "paid ""up""" END AS t3,
    CASE WHEN "ordered_at" NOT IN ('') THEN "ordered_at" END AS t4,
    CASE WHEN "shipped_on" NOT IN ('') THEN "shipped_on" END AS t5,
    CASE WHEN "country" NOT IN ('') THEN "country" END AS t6
  FROM "millrace"."orders_uploaded"
),
typed AS (
  SELECT
    *,
    t0 IS NULL AS m0,
    t0 AS v0,
    t1 IS NULL AS m1,
    CASE WHEN regexp_like(t1, '^[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]+)?$') AND is_finite(TRY_CAST(t1 AS DOUBLE)) THEN TRY_CAST(t1 AS DOUBLE) END AS v1,
    t2 IS NULL AS m2,
    CASE WHEN regexp_like(t2, '^[+-]?[0-9]+([.]0+)?$') THEN TRY_CAST(regexp_replace(t2, '[.]0+$', '') AS BIGINT) END AS v2,
    t3 IS NULL AS m3,
    CASE lower(t3) WHEN 'true' THEN true WHEN '1' THEN true WHEN 'false' THEN false WHEN '0' THEN false END AS v3,
    t4 IS NULL AS m4,
    CASE WHEN regexp_like(t4, '^[0-9]{4}-[0-9]{2}-[0-9]{2}') THEN CAST(TRY(from_iso8601_timestamp_nanos(regexp_replace(t4, '^(.{10}) ', '$1T'))) AS TIMESTAMP(6) WITH TIME ZONE) END AS v4,
    t5 IS NULL AS m5,
    CAST(TRY(parse_datetime(t5, 'dd.MM.yyyy HH:mm')) AS TIMESTAMP(6) WITH TIME ZONE) AS v5,
    t6 IS NULL AS m6,
    t6 AS v6
  FROM texts
),
bounds_10 AS (
  SELECT avg(CAST(v2 AS DOUBLE)) - 4e0 * nullif(stddev_samp(CAST(v2 AS DOUBLE)), 0e0) AS low, avg(CAST(v2 AS DOUBLE)) + 4e0 * nullif(stddev_samp(CAST(v2 AS DOUBLE)), 0e0) AS high FROM typed
),
judged AS (
  SELECT
    *,
    filter(ARRAY[
      CASE WHEN m0 THEN 'not_null:id' END, 
      CASE WHEN (v0 IS NOT NULL AND count(*) OVER (PARTITION BY _available_at, v0) > 1) THEN 'unique:id' END, 
      CASE WHEN m1 THEN 'not_null:amount' END, 
      CASE WHEN (NOT m1 AND v1 IS NULL) THEN 'type:amount' END, 
      CASE WHEN m2 THEN 'not_null:items' END, 
      CASE WHEN (NOT m2 AND v2 IS NULL) THEN 'type:items' END, 
      CASE WHEN (NOT m3 AND v3 IS NULL) THEN 'type:paid "up"' END, 
      CASE WHEN m4 THEN 'not_null:ordered_at' END, 
      CASE WHEN (NOT m4 AND v4 IS NULL) THEN 'type:ordered_at' END, 
      CASE WHEN (NOT m5 AND v5 IS NULL) THEN 'type:shipped_on' END, 
      CASE WHEN (CAST(v2 AS DOUBLE) < low_10 OR CAST(v2 AS DOUBLE) > high_10) THEN 'outliers:items' END], failed -> failed IS NOT NULL) AS _checks
  FROM typed
  CROSS JOIN (SELECT low AS low_10, high AS high_10 FROM bounds_10)
)
SELECT
  count(*) AS "rows",
  count_if(arrays_overlap(_checks, ARRAY['not_null:id', 'unique:id', 'not_null:amount', 'type:amount', 'not_null:items', 'type:items', 'type:paid "up"', 'not_null:ordered_at', 'type:ordered_at', 'type:shipped_on'])) AS "quarantined_rows",
  count_if(contains(_checks, 'not_null:id')) AS "not_null:id",
  count_if(contains(_checks, 'unique:id')) AS "unique:id",
  count_if(contains(_checks, 'not_null:amount')) AS "not_null:amount",
  count_if(contains(_checks, 'type:amount')) AS "type:amount",
  count_if(contains(_checks, 'not_null:items')) AS "not_null:items",
  count_if(contains(_checks, 'type:items')) AS "type:items",
  count_if(contains(_checks, 'type:paid "up"')) AS "type:paid ""up""",
  count_if(contains(_checks, 'not_null:ordered_at')) AS "not_null:ordered_at",
  count_if(contains(_checks, 'type:ordered_at')) AS "type:ordered_at",
  count_if(contains(_checks, 'type:shipped_on')) AS "type:shipped_on",
  count_if(contains(_checks, 'outliers:items')) AS "outliers:items"
FROM judged
