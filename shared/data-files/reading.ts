import * as z from 'zod';

export const dataFormats = ['csv', 'parquet', 'jsonl'] as const;
export const textEncodings = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252', 'iso-8859-1'] as const;
export const compressions = ['gzip', 'zstd'] as const;

/** How the bytes of a file become rows: found by its content when it arrives, and kept with it, so that it is always read alike. */
export const fileReading = z.discriminatedUnion('format', [
  z.object({
    format: z.literal('csv'),
    compression: z.enum(compressions).optional(),
    encoding: z.enum(textEncodings),
    delimiter: z.string().length(1),
    quote: z.string().length(1),
    /** Texts besides the empty field that stand for a missing value are the contract's business, not the file's. */
  }),
  z.object({
    format: z.literal('jsonl'),
    compression: z.enum(compressions).optional(),
    encoding: z.enum(textEncodings),
  }),
  z.object({ format: z.literal('parquet') }),
]);
export type FileReading = z.infer<typeof fileReading>;
