import type { Step } from './scenario.ts';

/** Longer than any text that MLflow takes, but for tags of the registry (100,000), descriptions and profiles. */
const tooLongChars = 120_000;
/** A query string as long would be refused by web servers, not by MLflow. */
const tooLongQueryChars = 6000;

/** A step in which something is wrong: each field left out, of another type, and each text too long. */
export function variantsOf(step: Step): Step[] {
  const { message = {}, method } = step;
  return Object.entries(message).flatMap(([field, value]) => {
    const { [field]: _left, ...rest } = message;
    const varied = (what: string, changed: Readonly<Record<string, unknown>>): Step => ({
      title: `${step.title}, ${what}`,
      method,
      path: step.path,
      message: changed,
    });
    const variants = [
      varied(`without ${field}`, rest),
      varied(`with a wrong ${field}`, { ...message, [field]: wrong(value, method) }),
    ];
    if (typeof value === 'string' && !isId(value) && !isUnbounded(step.path, field)) {
      const long = 'x'.repeat(method === 'GET' ? tooLongQueryChars : tooLongChars);
      variants.push(varied(`with too long a ${field}`, { ...message, [field]: long }));
    }
    return variants;
  });
}

/** MLflow's server on SQLite takes any length here, which no other database does. */
const isUnbounded = (path: string, field: string): boolean =>
  /user_id|description|status|run_name|model_type/.test(field) ||
  (/(registered-models|model-versions|logged-models)/.test(path) && /name|key/.test(field));

/** Texts that stand for an id of an earlier step. */
const isId = (value: string): boolean => value.startsWith('$') && value !== '$new';

/** In a query string everything is a text, so that only a number can be of a wrong type; a text is then one that means nothing. */
function wrong(value: unknown, method: Step['method']): unknown {
  if (method === 'GET') return typeof value === 'number' ? 'many' : '\u0000?';
  return typeof value === 'number' ? { not: 'a number' } : 12.5;
}
