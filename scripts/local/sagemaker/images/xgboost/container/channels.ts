import * as z from 'zod';
import { UserError } from './user-error.ts';

const channelSchema = z.looseObject({
  ContentType: z.string().optional(),
  TrainingInputMode: z.string().optional(),
});
const configSchema = z.record(z.string(), channelSchema);

/**
 * Checks `inputdataconfig.json`: a `train` channel, perhaps `validation`, both CSV files.
 * @returns whether there is a validation channel.
 * @throws UserError naming the channel, what it declares and what is allowed.
 */
export function checkChannels(document: unknown): { validation: boolean } {
  const channels = configSchema.parse(document);
  if (channels['train'] === undefined) throw new UserError('Missing required channel: train');
  for (const [name, channel] of Object.entries(channels)) {
    if (name !== 'train' && name !== 'validation')
      throw new UserError(`Extraneous channel found: ${name}. Allowed here: train, validation.`);
    if (channel.TrainingInputMode === 'Pipe')
      throw new UserError(
        `Channel ${name}: TrainingInputMode Pipe is not implemented by the local XGBoost program; use File or FastFile.`,
      );
    checkContentType(name, channel.ContentType);
  }
  return { validation: channels['validation'] !== undefined };
}

function checkContentType(channel: string, declared: string | undefined): void {
  const [type = '', ...params] = (declared ?? '')
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  if (type !== 'text/csv' && type !== 'csv')
    throw new UserError(
      `Channel ${channel}: ContentType '${declared ?? 'text/libsvm (the default)'}' is not implemented by the local XGBoost program; set ContentType to text/csv.`,
    );
  const labelSize = params.find((param) => param.startsWith('label_size='));
  if (labelSize !== undefined && labelSize !== 'label_size=1')
    throw new UserError(`Channel ${channel}: '${declared}' is not accepted; label_size must be 1.`);
}
