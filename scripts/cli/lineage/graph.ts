import type * as z from 'zod';
import type { readLineage } from '#services/governance/contract.ts';

export type Lineage = z.output<(typeof readLineage)['response']>;
export type LineageNode = Lineage['nodes'][number];

/** `model-version tumour version 1`; a label that begins with its kind is not told it twice. */
export function titleOf({ kind, label, project }: LineageNode): string {
  const words = kind.replaceAll('-', ' ');
  const title = label.startsWith(words) ? label : `${words} ${label}`;
  return project ? `${title} of project ${project}` : title;
}
