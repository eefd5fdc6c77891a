import type { Shape } from './service-model.ts';

/** What a text in a header, a query, a form or XML stands for; what cannot be read stays a text, for the comparison to find. */
export function fromText(text: string, { type }: Shape): unknown {
  switch (type) {
    case 'integer':
    case 'long':
    case 'float':
    case 'double':
      return /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) ? Number(text) : text;
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : text;
    case 'timestamp': {
      const ms = Date.parse(text);
      return Number.isNaN(ms) ? text : ms / 1000;
    }
    default:
      return text;
  }
}
