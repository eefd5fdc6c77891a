WITH
texts AS (
  SELECT
    *,
    CASE WHEN "id" NOT IN ('', 'NA', '-') THEN "id" END AS t0,
    CASE WHEN "amount" NOT IN ('', 'NA', '-') THEN "amount" END AS t1,
    CASE WHEN "items" NOT IN ('', 'NA', '-') THEN "items" END AS t2,
    CASE WHEN "paid ""up""" NOT IN ('', 'NA', '-') THEN "paid ""up""" END AS t3,
    CASE WHEN "ordered_at" NOT IN ('', 'NA', '-') THEN "ordered_at" END AS t4,
    CASE WHEN "shipped_on" NOT IN ('', 'NA', '-') THEN "shipped_on" END AS t5,
    CASE WHEN "country" NOT IN ('', 'NA', '-') THEN "country" END AS t6
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
bounds_21 AS (
  SELECT q[1] - 1.5e0 * nullif(q[2] - q[1], 0e0) AS low, q[2] + 1.5e0 * nullif(q[2] - q[1], 0e0) AS high FROM (SELECT approx_percentile(CAST(v1 AS DOUBLE), ARRAY[0.25e0, 0.75e0]) AS q FROM typed)
),
bounds_22 AS (
  SELECT avg(CAST(v2 AS DOUBLE)) - 4e0 * nullif(stddev_samp(CAST(v2 AS DOUBLE)), 0e0) AS low, avg(CAST(v2 AS DOUBLE)) + 4e0 * nullif(stddev_samp(CAST(v2 AS DOUBLE)), 0e0) AS high FROM typed
),
bounds_23 AS (
  SELECT middle - 3.5e0 * 1.4826e0 * nullif(approx_percentile(abs(to_unixtime(v4) - middle), 0.5e0), 0e0) AS low, middle + 3.5e0 * 1.4826e0 * nullif(approx_percentile(abs(to_unixtime(v4) - middle), 0.5e0), 0e0) AS high FROM typed CROSS JOIN (SELECT approx_percentile(to_unixtime(v4), 0.5e0) AS middle FROM typed) GROUP BY middle
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
      CASE WHEN m6 THEN 'not_null:country' END, 
      CASE WHEN (v1 < 0e0 OR v1 > 1000000e0) THEN 'range:amount' END, 
      CASE WHEN (v2 < CAST('1' AS BIGINT) OR v2 > 1e30) THEN 'range:items' END, 
      CASE WHEN (v4 < TIMESTAMP '2020-01-01 00:00:00.000 UTC' OR v4 > TIMESTAMP '2029-12-31 22:00:00.000 UTC') THEN 'range:ordered_at' END, 
      CASE WHEN v6 NOT IN ('DE', 'CÔTE D''IVOIRE') THEN 'allowed:country' END, 
      CASE WHEN NOT regexp_like(t0, '\A(?:[A-Z]{2}\d+|it''s)\z') THEN 'pattern:id' END, 
      CASE WHEN (length(t0) < 1 OR length(t0) > 20) THEN 'length:id' END, 
      CASE WHEN (v0 IS NOT NULL AND v4 IS NOT NULL AND count(*) OVER (PARTITION BY _available_at, v0, v4) > 1) THEN 'unique:id+ordered_at' END, 
      CASE WHEN NOT (((v1 >= 0) AND (v3 OR (v2 BETWEEN 1 AND 10)))) THEN 'expression:rules.8' END, 
      CASE WHEN (v6 IS NOT NULL AND NOT EXISTS (SELECT 1 FROM "millrace"."countries_validated_newest" other WHERE other."code" = v6)) THEN 'references:country' END, 
      CASE WHEN (v0 IS NOT NULL AND v4 IS NOT NULL AND NOT EXISTS (SELECT 1 FROM "millrace"."receipts_validated_7" other WHERE other."order" = v0 AND other."at" = v4)) THEN 'references:id+ordered_at' END, 
      CASE WHEN (CAST(v1 AS DOUBLE) < low_21 OR CAST(v1 AS DOUBLE) > high_21) THEN 'outliers:amount' END, 
      CASE WHEN (CAST(v2 AS DOUBLE) < low_22 OR CAST(v2 AS DOUBLE) > high_22) THEN 'outliers:items' END, 
      CASE WHEN (to_unixtime(v4) < low_23 OR to_unixtime(v4) > high_23) THEN 'outliers:ordered_at' END], failed -> failed IS NOT NULL) AS _checks
  FROM typed
  CROSS JOIN (SELECT low AS low_21, high AS high_21 FROM bounds_21)
  CROSS JOIN (SELECT low AS low_22, high AS high_22 FROM bounds_22)
  CROSS JOIN (SELECT low AS low_23, high AS high_23 FROM bounds_23)
)
SELECT
  "id",
  "amount",
  "items",
  "paid ""up""",
  "ordered_at",
  "shipped_on",
  "country",
  array_intersect(_checks, ARRAY['not_null:id', 'unique:id', 'not_null:amount', 'type:amount', 'not_null:items', 'type:items', 'type:paid "up"', 'not_null:ordered_at', 'type:ordered_at', 'type:shipped_on', 'not_null:country', 'range:amount', 'range:items', 'range:ordered_at', 'allowed:country', 'pattern:id', 'length:id', 'unique:id+ordered_at', 'expression:rules.8', 'references:country', 'references:id+ordered_at']) AS _checks,
  _object_sha256
FROM judged
WHERE arrays_overlap(_checks, ARRAY['not_null:id', 'unique:id', 'not_null:amount', 'type:amount', 'not_null:items', 'type:items', 'type:paid "up"', 'not_null:ordered_at', 'type:ordered_at', 'type:shipped_on', 'not_null:country', 'range:amount', 'range:items', 'range:ordered_at', 'allowed:country', 'pattern:id', 'length:id', 'unique:id+ordered_at', 'expression:rules.8', 'references:country', 'references:id+ordered_at'])
