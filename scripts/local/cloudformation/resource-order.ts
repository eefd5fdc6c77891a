import type { Template } from './assembly.ts';
import { intrinsicCall } from './intrinsics.ts';

/**
 * The logical ids of a template in an order in which each comes after what it refers to (Ref, Fn::GetAtt, Fn::Sub, DependsOn).
 * Throws, naming the circle, when resources need each other.
 */
export function resourceOrder(template: Template): string[] {
  const order: string[] = [];
  const state = new Map<string, 'open' | 'done'>();
  const visit = (logicalId: string, trail: readonly string[]): void => {
    const seen = state.get(logicalId);
    if (seen === 'done') return;
    if (seen === 'open') {
      const circle = [...trail.slice(trail.indexOf(logicalId)), logicalId];
      throw new Error(`resources need each other in a circle: ${circle.join(' -> ')}`);
    }
    state.set(logicalId, 'open');
    for (const needed of references(template, logicalId)) visit(needed, [...trail, logicalId]);
    state.set(logicalId, 'done');
    order.push(logicalId);
  };
  for (const logicalId of Object.keys(template.Resources)) visit(logicalId, []);
  return order;
}

function references(template: Template, logicalId: string): Set<string> {
  const resource = template.Resources[logicalId];
  const found = new Set<string>([resource?.DependsOn ?? []].flat());
  collect(resource?.Properties, found);
  found.delete(logicalId);
  return new Set([...found].filter((name) => name in template.Resources));
}

function collect(value: unknown, found: Set<string>): void {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const element of value) collect(element, found);
    return;
  }
  const call = intrinsicCall(value);
  if (call !== undefined) collectFromCall(call.name, call.argument, found);
  for (const member of Object.values(value)) collect(member, found);
}

function collectFromCall(name: string, argument: unknown, found: Set<string>): void {
  if (name === 'Ref' && typeof argument === 'string') found.add(argument);
  if (name === 'Fn::GetAtt') {
    const first = Array.isArray(argument) ? argument[0] : String(argument).split('.')[0];
    if (typeof first === 'string') found.add(first);
  }
  if (name === 'Fn::Sub') {
    const source = Array.isArray(argument) ? argument[0] : argument;
    for (const match of String(source).matchAll(/\$\{([^}!.]+)/g)) found.add(match[1] ?? '');
  }
}
