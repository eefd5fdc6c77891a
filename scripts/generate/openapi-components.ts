import type * as z from 'zod';
import { dataContract, featureDefinitions, projectDefinition } from '#services/projects/contract.ts';
import { canonicalJson } from '#shared/kernel/hash.ts';
import { inputSchema, outputSchema } from './schema-text.ts';

/** Documents that several operations take or answer: each is written once. `Input`: what has a default may be left out. */
const documents: Readonly<Record<string, z.ZodType>> = {
  Project: projectDefinition,
  DataContract: dataContract,
  FeatureDefinitions: featureDefinitions,
  /** Columns and rules are in both, and make up most of them. */
  DataColumns: dataContract.shape.columns,
  DataRules: dataContract.shape.rules,
};

const parts = Object.entries(documents).flatMap(([name, schema]) => [
  { name, schema: withoutDialect(outputSchema(schema)) },
  { name: `${name}Input`, schema: withoutDialect(inputSchema(schema)) },
]);
const nameOfShape = new Map(parts.map(({ name, schema }) => [shapeOf(schema), name]));

/** The shared documents, each referring to those inside it. */
export const sharedSchemas = (): Record<string, unknown> =>
  Object.fromEntries(parts.map(({ name, schema }) => [name, membersReferred(schema)]));

/** The schema with references in the places of shared documents. */
export function referred(schema: unknown): unknown {
  if (typeof schema !== 'object' || schema === null) return schema;
  const name = nameOfShape.get(shapeOf(schema));
  if (!name) return membersReferred(schema);
  const { description } = schema as { description?: string };
  return { $ref: `#/components/schemas/${name}`, ...(description ? { description } : {}) };
}

function membersReferred(schema: object): unknown {
  if (Array.isArray(schema)) return schema.map(referred);
  return Object.fromEntries(Object.entries(schema).map(([key, member]) => [key, referred(member)]));
}

/** What it is, whatever is said about it and whatever stands in for it where it is left out. */
function shapeOf(schema: object): string {
  const { description: _description, default: _default, ...shape } = schema as Record<string, unknown>;
  return canonicalJson(shape);
}

/** Schemas inside an OpenAPI document have the document’s dialect. */
export function withoutDialect(schema: object): object {
  const { $schema, ...rest } = schema as { $schema?: string };
  return rest;
}
