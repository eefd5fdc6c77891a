import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';

/**
 * Makes the data of the example: drivers, what is known about them every four hours, and their rides. Nothing of it is real: a
 * seeded generator makes it up, the same bytes for the same `--until`. It ends at a time of one's own, because a feature's value
 * holds for days, and a prediction is asked for now.
 */
const usage = `Makes up drivers.csv, rides.csv and requests.csv.

Usage: npx node examples/rides/make-data.ts [flags]

  --until TIME    when the data ends, ISO 8601 (default: the hour that began last)
  --days N        how many days it covers (default 28)
  --drivers N     how many drivers there are (default 40)
  --rides N       how many rides there are (default 3000)
  --output DIR    where to (default: the folder data beside this file)
  --json          one JSON document: { files, until, lateShare }
  --help          this text

Exit codes: 0 done, 2 a wrong command line.
`;

const seed = 20_261_128;
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Mulberry32: a small seeded generator of uniform numbers in [0, 1). */
function uniform(state: number): () => number {
  let current = state;
  return () => {
    current = (current + 0x6d2b79f5) | 0;
    let mixed = Math.imul(current ^ (current >>> 15), current | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

interface Settings {
  readonly untilMs: number;
  readonly days: number;
  readonly drivers: number;
  readonly rides: number;
}

interface Driver {
  readonly id: string;
  /** How well somebody drives, from 0 to 1; nobody sees it, but rates and lateness follow from it. */
  readonly skill: number;
}

const iso = (ms: number): string => new Date(Math.round(ms)).toISOString();
const rounded = (value: number, digits: number): string => value.toFixed(digits);
const clamp = (value: number): number => Math.min(1, Math.max(0, value));

function makeDrivers({ drivers }: Settings, random: () => number): Driver[] {
  return Array.from({ length: drivers }, (_none, index) => ({
    id: `d${String(index + 1).padStart(3, '0')}`,
    skill: random(),
  }));
}

/** A row per driver every four hours. Most are written within twenty minutes, one in thirty a day or two later. */
function statsRows(drivers: readonly Driver[], settings: Settings, random: () => number): string[] {
  const first = settings.untilMs - settings.days * dayMs;
  const rows: string[] = [];
  for (let at = first; at < settings.untilMs; at += 4 * hourMs) {
    for (const { id, skill } of drivers) {
      const lateMs = random() < 1 / 30 ? (1 + random()) * dayMs : (1 + random() * 19) * 60_000;
      const created = at + lateMs;
      const conversion = random() < 0.03 ? '' : rounded(clamp(0.4 + 0.4 * skill + 0.2 * (random() - 0.5)), 4);
      const acceptance = rounded(clamp(0.5 + 0.45 * skill + 0.1 * (random() - 0.5)), 4);
      const trips = Math.round(4 + 12 * random());
      // What is written after the data ends is not in it: nobody knows it yet.
      if (created > settings.untilMs) continue;
      rows.push([`${id}@${iso(at)}`, id, iso(at), iso(created), conversion, acceptance, trips].join(','));
    }
  }
  return rows;
}

interface Ride {
  readonly text: readonly string[];
  readonly requestedMs: number;
  readonly late: boolean;
}

/** Rides at any hour, more of them in the rush hours. Late are those of weak drivers, over much distance in little time, and in the rush hours. */
function makeRides(drivers: readonly Driver[], settings: Settings, random: () => number): Ride[] {
  const first = settings.untilMs - settings.days * dayMs;
  const rides: Ride[] = [];
  while (rides.length < settings.rides) {
    const requestedMs = first + random() * (settings.days * dayMs - 3 * hourMs);
    const hour = new Date(requestedMs).getUTCHours();
    const isRush = (hour >= 7 && hour < 10) || (hour >= 16 && hour < 19);
    if (!isRush && random() < 0.4) continue;
    const driver = drivers[Math.floor(random() * drivers.length)]!;
    const distance = 1 + 24 * random() ** 2;
    const estimated = Math.max(4, distance * (1.6 + 1.2 * random()));
    const pace = (distance / estimated) * 60;
    const odds = 2.2 - 5.5 * driver.skill + 0.09 * (pace - 28) + (isRush ? 0.9 : 0);
    const late = random() < 1 / (1 + Math.exp(-odds));
    const minutes = estimated * (late ? 1.2 + 0.5 * random() : 0.8 + 0.2 * random());
    const id = `r${String(rides.length + 1).padStart(5, '0')}`;
    rides.push({
      requestedMs,
      late,
      text: [
        id,
        driver.id,
        iso(requestedMs),
        iso(requestedMs + minutes * 60_000),
        rounded(distance, 2),
        rounded(estimated, 1),
        late ? '1' : '0',
      ],
    });
  }
  return rides.sort((a, b) => a.requestedMs - b.requestedMs);
}

/** What an application knows when a ride is asked for: who would drive, how far, how long. */
function requestRows(drivers: readonly Driver[], random: () => number): string[] {
  return Array.from({ length: 20 }, (_none, index) => {
    const distance = 1 + 24 * random() ** 2;
    const driver = drivers[Math.floor(random() * drivers.length)]!;
    const id = `q${String(index + 1).padStart(2, '0')}`;
    return [id, driver.id, rounded(distance, 2), rounded(Math.max(4, distance * 2), 1)].join(',');
  });
}

interface CommandLine extends Settings {
  readonly output: string;
  readonly json: boolean;
  readonly help: boolean;
}

/** Throws for what is no time or no whole number. */
function readCommandLine(argv: readonly string[]): CommandLine {
  const text = (preset: string) => ({ type: 'string', default: preset }) as const;
  const flag = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({
    args: [...argv],
    options: {
      until: text(iso(Math.floor(Date.now() / hourMs) * hourMs)),
      days: text('28'),
      drivers: text('40'),
      rides: text('3000'),
      output: text(path.join(import.meta.dirname, 'data')),
      json: flag,
      help: flag,
    },
  });
  const untilMs = Date.parse(values.until);
  if (Number.isNaN(untilMs))
    throw new Error(`--until '${values.until}' is no time. Write one such as 2026-11-28T12:00:00Z.`);
  const whole = (name: 'days' | 'drivers' | 'rides'): number => {
    if (!/^[1-9]\d{0,6}$/.test(values[name]))
      throw new Error(`--${name} '${values[name]}' is no whole number above 0.`);
    return Number(values[name]);
  };
  return { ...values, untilMs, days: whole('days'), drivers: whole('drivers'), rides: whole('rides') };
}

/** The lines of each file, by name, and how many rides end late. */
function makeFiles(settings: Settings): {
  readonly files: Readonly<Record<string, readonly string[]>>;
  readonly lateShare: number;
} {
  const random = uniform(seed);
  const drivers = makeDrivers(settings, random);
  const stats = statsRows(drivers, settings, random);
  const rides = makeRides(drivers, settings, random);
  return {
    files: {
      'drivers.csv': [
        'row_id,driver_id,event_timestamp,created,conv_rate,acc_rate,avg_daily_trips',
        ...stats,
      ],
      'rides.csv': [
        'ride_id,driver_id,requested_at,completed_at,distance_km,estimated_minutes,late',
        ...rides.map((ride) => ride.text.join(',')),
      ],
      'requests.csv': ['ride_id,driver_id,distance_km,estimated_minutes', ...requestRows(drivers, random)],
    },
    lateShare: rides.filter(({ late }) => late).length / rides.length,
  };
}

function make({ output, json, ...settings }: CommandLine): void {
  const { files, lateShare } = makeFiles(settings);
  mkdirSync(output, { recursive: true });
  for (const [name, lines] of Object.entries(files))
    writeFileSync(path.join(output, name), `${lines.join('\n')}\n`);
  const made = Object.entries(files).map(([name, lines]) => ({
    path: path.join(output, name),
    rows: lines.length - 1,
  }));
  const until = iso(settings.untilMs);
  if (json) {
    process.stdout.write(`${JSON.stringify({ files: made, until, lateShare }, undefined, 2)}\n`);
    return;
  }
  for (const { path: file, rows } of made) process.stdout.write(`${file}: ${rows} rows\n`);
  process.stdout.write(`Until ${until}; ${(lateShare * 100).toFixed(1)} % of the rides are late.\n`);
}

function main(argv: readonly string[]): number {
  let commandLine: CommandLine;
  try {
    commandLine = readCommandLine(argv);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${usage}`);
    return 2;
  }
  if (commandLine.help) process.stdout.write(usage);
  else make(commandLine);
  return 0;
}

process.exitCode = main(process.argv.slice(2));
