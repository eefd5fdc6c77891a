import * as z from 'zod';

/** The data points of one namespace in a log line. */
export interface EmbeddedMetrics {
  readonly namespace: string;
  readonly points: readonly {
    readonly name: string;
    readonly value: number;
    readonly unit?: string;
    readonly dimensions: Readonly<Record<string, string>>;
    readonly timestampMs: number;
  }[];
}

const documentSchema = z.looseObject({
  _aws: z.object({
    Timestamp: z.number(),
    CloudWatchMetrics: z.array(
      z.object({
        Namespace: z.string(),
        Dimensions: z.array(z.array(z.string())).default([[]]),
        Metrics: z.array(z.object({ Name: z.string(), Unit: z.string().optional() })),
      }),
    ),
  }),
});

/**
 * Reads the metrics of a log line in the embedded metric format ("Specification: Embedded metric format", CloudWatch User Guide). A line
 * may have a prefix before its JSON. Other lines, and metrics or dimensions that the line does not hold, give nothing.
 */
export function readEmbeddedMetrics(line: string): readonly EmbeddedMetrics[] {
  const begin = line.indexOf('{');
  if (begin < 0 || !line.includes('"CloudWatchMetrics"')) return [];
  const document = documentSchema.safeParse(parse(line.slice(begin)));
  if (!document.success) return [];
  const { _aws: metadata, ...members } = document.data;
  return metadata.CloudWatchMetrics.map(({ Namespace, Dimensions, Metrics }) => ({
    namespace: Namespace,
    points: Metrics.flatMap(({ Name, Unit }) =>
      valuesOf(members[Name]).flatMap((value) =>
        Dimensions.map((names) => ({
          name: Name,
          value,
          dimensions: dimensionsOf(names, members),
          timestampMs: metadata.Timestamp,
          ...(Unit !== undefined && { unit: Unit }),
        })),
      ),
    ),
  }));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function valuesOf(member: unknown): readonly number[] {
  const values = Array.isArray(member) ? member : [member];
  return values.filter((value): value is number => typeof value === 'number');
}

function dimensionsOf(
  names: readonly string[],
  members: Readonly<Record<string, unknown>>,
): Record<string, string> {
  const present = names.filter((name) => members[name] !== undefined);
  return Object.fromEntries(present.map((name) => [name, String(members[name])]));
}
