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
samples AS (
  SELECT 'current' AS side, CAST(v2 AS DOUBLE) AS v FROM typed
  UNION ALL
  SELECT 'reference' AS side, CAST("items" AS DOUBLE) AS v FROM "millrace"."orders_validated_3"
),
there AS (
  SELECT side, v FROM samples WHERE v IS NOT NULL
),
edges AS (
  SELECT array_distinct(approx_percentile(v, ARRAY[0.1e0, 0.2e0, 0.3e0, 0.4e0, 0.5e0, 0.6e0, 0.7e0, 0.8e0, 0.9e0])) AS edges FROM there WHERE side = 'reference'
)
SELECT width_bucket(v, edges) AS bin, count_if(side = 'reference') AS reference_values, count_if(side = 'current') AS current_values FROM there CROSS JOIN edges GROUP BY 1
