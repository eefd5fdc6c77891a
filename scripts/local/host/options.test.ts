import { describe, expect, it } from 'vitest';
import { bucketsByPurpose } from './endpoints.ts';
import { parseStartOptions } from './options.ts';

describe('parseStartOptions', () => {
  it('has a default for everything', () => {
    expect(parseStartOptions([], '/home/me')).toEqual({
      platformPort: 4700,
      awsPort: 4566,
      dataDir: '/home/me/.millrace',
      fresh: false,
      example: true,
      json: false,
      help: false,
    });
  });

  it.each([
    [['--port', 'x'], '--port x is no port. Give a number from 1 to 65535.'],
    [['--aws-port', '70000'], '--aws-port 70000 is no port'],
    [['--port', '4566'], '--port and --aws-port are both 4566'],
    [['--prot', '1'], "Unknown option '--prot'. `npm start -- --help` lists the flags."],
    [['extra'], "Unexpected argument 'extra'"],
  ])('refuses %j, naming flag and cure', (argv, message) => {
    expect(() => parseStartOptions(argv, '/')).toThrow(message);
  });
});

describe('bucketsByPurpose', () => {
  it('names buckets by what follows the region', () => {
    const name = 'millrace-local-000000000000-us-east-1-uploads';
    expect(bucketsByPurpose([name, 'other'], 'us-east-1')).toEqual({ uploads: name, other: 'other' });
  });
});
