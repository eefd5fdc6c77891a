import { describe, expect, it } from 'vitest';
import { parseHostOptions } from './options.ts';

describe('the flags of the SageMaker host', () => {
  it('have a default each', () => {
    expect(parseHostOptions([], '/home/me')).toEqual({
      port: 4580,
      awsEndpoint: 'http://127.0.0.1:4566',
      dataDir: '/home/me/.millrace-sagemaker',
      help: false,
    });
  });

  it('take an emulator that speaks TLS', () => {
    const { awsEndpoint } = parseHostOptions(['--aws-endpoint', 'https://localhost:4566/'], '/');
    expect(awsEndpoint).toBe('https://localhost:4566');
  });

  it.each([
    [['--port', '65536'], '--port 65536 is no port. Give a number from 0 to 65535.'],
    [['--prot', '1'], "Unknown option '--prot'. --help lists the flags."],
    [['--aws-endpoint', '127.0.0.1:4566'], '--aws-endpoint 127.0.0.1:4566 is no address of an emulator'],
    [
      ['--aws-endpoint', 'https://events.eu-west-1.amazonaws.com'],
      'on this machine. Give one such as http://127.0.0.1:4566.',
    ],
  ])('are refused when they cannot be: %j', (argv, message) => {
    expect(() => parseHostOptions(argv, '/')).toThrow(message);
  });
});
