import type { Reporter, TestCase, TestModule, TestSuite } from 'vitest/node';

interface Row {
  readonly title: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly seconds: number;
  /** What the tests of the check noted with `annotate`. */
  readonly notes: readonly string[];
}

/**
 * Prints, after everything else, a table with a line for each check (a top-level `describe`), with what its tests noted by `annotate`,
 * and closes with `N passed, N failed`, counted in tests.
 */
export default class TableReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const rows = modules.flatMap(rowsOf);
    const width = Math.max(...rows.map(({ title }) => title.length), 5);
    const line = (mark: string, title: string, tests: string, seconds: string, notes: string) =>
      `${mark} ${title.padEnd(width)}  ${tests.padStart(6)}  ${seconds.padStart(8)}  ${notes}`.trimEnd();
    const table = rows.map((row) => {
      const mark = row.failed > 0 ? '✗' : row.passed > 0 ? '✓' : '–';
      const ran = row.passed + row.failed;
      return line(mark, row.title, String(ran), `${row.seconds.toFixed(1)} s`, row.notes.join('; '));
    });
    const total = (member: 'passed' | 'failed' | 'skipped') =>
      rows.reduce((sum, row) => sum + row[member], 0);
    const skipped = total('skipped') > 0 ? `, ${total('skipped')} skipped` : '';
    process.stdout.write(
      `\n${[line(' ', 'check', 'tests', 'time', ''), ...table].join('\n')}\n\n${total('passed')} passed, ${total('failed')} failed${skipped}\n`,
    );
  }
}

/** A file that broke before its tests were known is a failed check of its own. */
function rowsOf(module: TestModule): Row[] {
  const rows = [...module.children].map((child) => rowOf(child));
  if (module.errors().length === 0) return rows;
  const broken = { passed: 0, failed: 1, skipped: 0, seconds: module.diagnostic().duration / 1000 };
  return [...rows, { title: module.relativeModuleId, notes: ['the file itself failed'], ...broken }];
}

function rowOf(child: TestSuite | TestCase): Row {
  const tests = child.type === 'suite' ? [...child.children.allTests()] : [child];
  const count = (...states: string[]) => tests.filter((test) => states.includes(test.result().state)).length;
  const broken = child.type === 'suite' && child.errors().length > 0 ? 1 : 0;
  return {
    title: child.name,
    passed: count('passed'),
    failed: count('failed') + broken,
    skipped: count('skipped', 'pending'),
    seconds: tests.reduce((sum, test) => sum + (test.diagnostic()?.duration ?? 0), 0) / 1000,
    notes: tests.flatMap((test) => test.annotations().map(({ message }) => message)),
  };
}
