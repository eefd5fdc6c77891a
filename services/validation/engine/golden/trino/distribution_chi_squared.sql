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
  SELECT 'current' AS side, v6 AS v FROM typed
  UNION ALL
  SELECT 'reference' AS side, "country" AS v FROM "millrace"."orders_validated_previous"
),
there AS (
  SELECT side, v FROM samples WHERE v IS NOT NULL
)
SELECT v AS bin, count_if(side = 'reference') AS reference_values, count_if(side = 'current') AS current_values FROM there GROUP BY v
