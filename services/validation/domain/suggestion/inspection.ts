import type { ColumnProfile } from '../../contract.ts';

/** What was found out about rows that no contract speaks of yet. */
export interface DatasetInspection {
  readonly rows: number;
  /** Texts that stand for missing values; the columns' profiles count them as missing. */
  readonly missingTexts: readonly MissingText[];
  /** Frequent texts that may stand for missing values and may be values: the profiles count them as values. */
  readonly doubtfulTexts: readonly MissingText[];
  readonly columns: readonly ColumnInspection[];
}

export interface MissingText {
  readonly text: string;
  readonly cells: number;
  readonly columns: readonly string[];
  /** Columns all whose other values are numbers, times or booleans. */
  readonly decisive: readonly string[];
}

export interface ColumnInspection {
  readonly profile: ColumnProfile;
  /** Rows whose value comes more than once, exactly; absent where most do. */
  readonly repeatedRows?: number;
  /** Of texts: what their values look like. */
  readonly traits?: TextTraits;
}

/** What the project says already. */
export interface SuggestionContext {
  /** As the project says it; found among the columns where it does not. */
  readonly primaryKey?: string | undefined;
  readonly eventTime?: string | undefined;
  /** Column that is predicted. */
  readonly target?: string | undefined;
  /** When the data arrived, ISO 8601: what freshness is reckoned from. */
  readonly uploadedAt?: string | undefined;
}

/** Forms of text, by how they are told. */
export const textForms = {
  email: String.raw`[^@\s]+@[^@\s]+\.[^@\s.]+`,
  uuid: '[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}',
  url: String.raw`https?://\S+`,
  ipv4: String.raw`([0-9]{1,3}\.){3}[0-9]{1,3}`,
  iban: '[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}',
  phone: String.raw`\+?[0-9][0-9 ()/-]{6,18}[0-9]`,
  leadingZero: '0[0-9]+',
  digits: '[0-9]+',
  thousands: "[+-]?[0-9]{1,3}([,.' ][0-9]{3})+([.,][0-9]+)?",
  decimalComma: '[+-]?[0-9]+,[0-9]+',
  unit: '[+-]?[0-9]+([.,][0-9]+)* ?([€$£%°]|[a-zA-Zµ]{1,4}[²³/]?)|[€$£] ?[0-9]+([.,][0-9]+)*',
  padded: String.raw`\s.*|.*\s`,
} as const;
export type TextForm = keyof typeof textForms;

export interface TextTraits {
  /** Values of all rows that have the form; forms that hardly any value of a sample has are left out. */
  readonly forms: Readonly<Partial<Record<TextForm, number>>>;
  /** Values of all rows that are numbers, where some of a sample's are. */
  readonly numbers?: number;
  /** How dates are written, in strftime's letters: those that every value of a sample has, and of how many of all rows. */
  readonly timestampFormats: readonly { readonly format: string; readonly values: number }[];
  /** A regular expression made of a sample's values, and of how many of all rows it is true. */
  readonly pattern?: { readonly pattern: string; readonly values: number };
}
