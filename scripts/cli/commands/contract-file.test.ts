import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { dataContract } from '#services/projects/contract.ts';
import { contractFile } from './contract-file.ts';

const written = {
  primaryKey: 'id',
  columns: {
    id: { type: 'string', unique: true },
    x: { type: 'number', nullable: true, min: 0 },
    mail: { type: 'string', sensitive: true },
  },
  rules: [
    { check: 'distribution', column: 'x', method: 'psi' },
    { check: 'range', column: 'x', min: 0, severity: 'warn' },
    { check: 'row_count', min: 0 },
  ],
};

describe('the file of a contract', () => {
  const contract = dataContract.parse(written);
  const text = contractFile(contract);

  it('says nothing that holds without it', () => {
    expect(parse(text)).toEqual({ ...written, checks: contract.checks });
  });

  it('is the same contract when it is read again', () => {
    expect(dataContract.parse(parse(text))).toEqual(contract);
  });
});
