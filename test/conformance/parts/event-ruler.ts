import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { java, mavenFolder } from './maven.ts';

/** Version of Event Ruler (Apache-2.0), AWS's library that EventBridge matches patterns with. */
export const eventRulerVersion = '2.1.0';

/** The folder with Event Ruler. */
export const eventRuler = () =>
  mavenFolder({ group: 'software.amazon.event.ruler', name: 'event-ruler', version: eventRulerVersion });

type Answer = { readonly matches: boolean } | { readonly error: string };

/** A running Event Ruler. */
export interface EventRuler {
  /** Whether an event matches a pattern, both JSON texts; rejects with the library's words for a pattern that it refuses. */
  matches(pattern: string, event: string): Promise<boolean>;
  stop(): void;
}

/** Runs Event Ruler in a Java process that answers line by line. */
export function startEventRuler(folder: string): EventRuler {
  const program = path.join(import.meta.dirname, 'java', 'EventRuler.java');
  const child = spawn(java, ['-cp', path.join(folder, '*'), program], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let last: Promise<unknown> = Promise.resolve();
  const ask = async (pattern: string, event: string) => {
    child.stdin.write(`${JSON.stringify({ pattern, event })}\n`);
    const { value, done } = await lines.next();
    if (done) throw new Error('Event Ruler ended');
    return JSON.parse(value) as Answer;
  };
  return {
    async matches(pattern, event) {
      const asked = last.then(() => ask(pattern, event));
      last = asked.catch(() => undefined);
      const answer = await asked;
      if ('error' in answer) throw new Error(answer.error);
      return answer.matches;
    },
    stop: () => void child.kill(),
  };
}
