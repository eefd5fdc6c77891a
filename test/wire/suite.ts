import { expect, it } from 'vitest';

/**
 * Behaviour that any correct implementation of an AWS service shows, by name (a sentence). `Subject` is what the cases need of an
 * implementation: clients and a way to make resources. A case rejects where the implementation behaves otherwise. Cases name their
 * own keys, so that they can run in any order and more than once.
 */
export type WireSuite<Subject> = Readonly<Record<string, (subject: Subject) => Promise<void>>>;

/** How an implementation is known to differ from AWS in one case. */
export interface KnownDifference {
  /** What the implementation does instead. */
  readonly does: string;
  /** The page that says what AWS does. */
  readonly source: string;
}

/** Known differences of one implementation, by the name of the case. */
export type KnownDifferences = Readonly<Record<string, KnownDifference>>;

/**
 * Declares a test for each case. A case with a known difference must fail: where it agrees, the entry is stale and the test fails.
 * The last test notes how many cases agree.
 */
export function declareSuite<Subject>(
  suite: WireSuite<Subject>,
  subject: () => Subject,
  known: KnownDifferences = {},
): void {
  let agreeing = 0;
  for (const [name, run] of Object.entries(suite)) {
    it(name, async () => {
      await judge(run(subject()), known[name]);
      if (known[name] === undefined) agreeing += 1;
    });
  }
  it('is explained only where there is a case', async ({ annotate }) => {
    expect(Object.keys(known).filter((name) => !Object.hasOwn(suite, name))).toEqual([]);
    const explained = Object.keys(known).length;
    await annotate(`${Object.keys(suite).length} cases: ${agreeing} agree, ${explained} differ as explained`);
  });
}

/** Rejects with the difference that a case found, unless it is known; and where a known one is no more. */
export async function judge(running: Promise<void>, known: KnownDifference | undefined): Promise<void> {
  if (known === undefined) return await running;
  const differs = await running.then(
    () => false,
    () => true,
  );
  if (!differs) throw new Error(`agrees with AWS now; drop the known difference "${known.does}"`);
}

/** Names of the cases in which an implementation differs. */
export async function differingCases<Subject>(
  suite: WireSuite<Subject>,
  subject: Subject,
): Promise<readonly string[]> {
  const names: string[] = [];
  for (const [name, run] of Object.entries(suite)) await run(subject).catch(() => names.push(name));
  return names;
}
