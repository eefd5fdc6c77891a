import type { Fact } from './facts.ts';

/** Something that happened to a thing after it was made: expired, erased rows, became champion, was rolled back, … */
export interface LineageMark {
  readonly name: string;
  readonly at: string;
  readonly tone: 'good' | 'neutral' | 'bad';
  /** One line for a person; empty where the name says it all. */
  readonly text: string;
}

/** A thing that has a history. `id` is `<kind>:<own id>`, unique within a project. */
export interface LineageNode {
  readonly id: string;
  readonly kind: string;
  readonly label: string;
  readonly at?: string;
  readonly details: Readonly<Record<string, string>>;
  /** Oldest first. */
  readonly marks?: LineageMark[];
}

/** `from` went into `to`. A thing of another project is named `//<project>/<id>`. */
export interface LineageEdge {
  readonly from: string;
  readonly to: string;
  readonly relation: string;
}

/** Predictions of one version that were written down together: a single one is found by its time. */
export interface CaptureSpan {
  readonly modelVersion: number;
  readonly firstAt: string;
  readonly lastAt: string;
  /** Node of the batch. */
  readonly batch: string;
}

/** What one fact adds to the graph. */
export interface LineageFragment {
  readonly nodes?: readonly LineageNode[];
  readonly edges?: readonly LineageEdge[];
  readonly marks?: readonly { readonly of: string; readonly mark: LineageMark }[];
  readonly capture?: CaptureSpan;
}

export type LineageReading = (data: Fact['data'], at: string) => LineageFragment;

export const nodeId = (kind: string, id: string | number): string => `${kind}:${id}`;

/** Where a thing is: a project’s graph, and its id there. */
export interface Place {
  readonly project: string;
  readonly id: string;
}

/** How a project’s graph names a thing: by its id, with the project before it where that is another. */
export const nameIn = (project: string, place: Place): string =>
  place.project === project ? place.id : `//${place.project}/${place.id}`;

/** The thing that a project’s graph names so. */
export function placeOf(project: string, name: string): Place {
  const [, other, id] = /^\/\/([^/]+)\/(.+)$/s.exec(name) ?? [];
  return other && id ? { project: other, id } : { project, id: name };
}

export const node = (
  kind: string,
  id: string | number,
  label: string,
  at: string,
  details: Record<string, string> = {},
): LineageNode => ({ id: nodeId(kind, id), kind, label, at, details });

export const edge = (from: string, relation: string, to: string): LineageEdge => ({ from, to, relation });

/** A fragment that only marks a thing. */
export const marked = (
  of: string,
  at: string,
  mark: { name: string; tone: LineageMark['tone']; text?: string },
): LineageFragment => ({
  marks: [{ of, mark: { name: mark.name, tone: mark.tone, at, text: mark.text ?? '' } }],
});
