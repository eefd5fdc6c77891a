import { describe, expect, it } from 'vitest';
import type { ColumnInspection, TextTraits } from './inspection.ts';
import { personalData } from './personal-data.ts';

const column = (name: string, traits?: Partial<TextTraits>): ColumnInspection => ({
  profile: { name, type: 'string', inferredType: 'string', values: 100, missing: 0, distinct: 90 },
  ...(traits ? { traits: { forms: {}, timestampFormats: [], ...traits } } : {}),
});

describe('personal data', () => {
  it.each([
    'email',
    'customer_email',
    'EMail',
    'firstName',
    'last name',
    'full_name',
    'dateOfBirth',
    'birth-date',
    'home_address',
    'phoneNumber',
    'ip_address',
    'SSN',
    'iban',
  ])('is what a column named %s probably holds', (name) => {
    expect(personalData(column(name))).toMatch(/name says/);
  });

  it.each(['product_name', 'age', 'country', 'mean_radius', 'emailed_at', 'addressable', 'card', 'id'])(
    'is not what a column named %s holds',
    (name) => {
      expect(personalData(column(name))).toBeUndefined();
    },
  );

  it.each([
    ['e-mail addresses', { forms: { email: 95 } }],
    ['bank accounts', { forms: { iban: 100 } }],
    ['IP addresses', { forms: { ipv4: 80 } }],
    ['telephone numbers', { forms: { phone: 90 } }],
  ])('is told by the form of values: %s', (words, traits) => {
    expect(personalData(column('contact', traits))).toContain(words);
  });

  it.each([
    ['a few addresses among others', { forms: { email: 79 } }],
    ['digits alone', { forms: { phone: 100, digits: 100 } }],
    ['dates', { forms: { phone: 100 }, timestampFormats: [{ format: '%d/%m/%Y', values: 100 }] }],
  ])('is not told by %s', (_what, traits) => {
    expect(personalData(column('c', traits))).toBeUndefined();
  });
});
