import type { ColumnInspection, TextForm } from './inspection.ts';

/** Words in the names of columns that hold data about people; `_` and changes of case part words. */
const words = new Set(
  'email mail phone telephone mobile fax surname lastname firstname forename fullname username birthdate birthday dob ssn passport iban bic iban creditcard cardnumber address street latitude longitude ipaddress ethnicity religion disability salary'.split(
    ' ',
  ),
);
const pairs = [
  'first name',
  'last name',
  'full name',
  'given name',
  'family name',
  'birth date',
  'date birth',
  'credit card',
  'card number',
  'ip address',
  'social security',
  'national id',
  'tax id',
  'phone number',
];
const forms: readonly TextForm[] = ['email', 'iban', 'ipv4', 'phone'];
const minFormShare = 0.8;

/** Why a column probably holds personal data, or undefined. */
export function personalData({ profile, traits }: ColumnInspection): string | undefined {
  const parts = profile.name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((part) => part !== 'of' && part !== '');
  const word = parts.find((part) => words.has(part)) ?? pairs.find((pair) => parts.join(' ').includes(pair));
  if (word !== undefined) return `its name says ${word}`;
  const form = forms.find(
    (one) => profile.values > 0 && (traits?.forms[one] ?? 0) >= minFormShare * profile.values,
  );
  if (form === undefined || (form === 'phone' && isPlainOrDate(traits))) return undefined;
  return `its values look like ${formWords[form as keyof typeof formWords]}`;
}

/** Digits alone may be any number, and dates have slashes and hyphens too. */
const isPlainOrDate = (traits: ColumnInspection['traits']): boolean =>
  (traits?.forms.digits ?? 0) > 0 || (traits?.timestampFormats.length ?? 0) > 0;

const formWords = {
  email: 'e-mail addresses',
  iban: 'bank accounts (IBAN)',
  ipv4: 'IP addresses',
  phone: 'telephone numbers',
} as const;
