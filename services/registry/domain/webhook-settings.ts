import { AppError } from '#shared/kernel/errors.ts';

const maxUrlLength = 500;
const maxDescriptionLength = 1000;
const maxSecretLength = 1000;

const invalid = (message: string): AppError => new AppError('invalid_input', 'InvalidParameter', message);

/** Throws InvalidParameter. */
export function assertWebhookName(name: string): void {
  if (/^(?=.{1,63}$)[a-z0-9]([a-z0-9._-]*[a-z0-9])?$/i.test(name)) return;
  throw invalid(
    `Webhook name '${name.slice(0, 100)}' is invalid. It must start and end with a letter or digit, be less than 63 characters long, and contain only letters, digits, dots (.), underscores (_), and hyphens (-).`,
  );
}

/** Throws InvalidParameter for what is no address that deliveries can go to. `plain`: also http. */
export function assertWebhookUrl(text: string, plain: boolean): void {
  const shown = text.slice(0, 200);
  if (text.length > maxUrlLength)
    throw invalid(`The webhook URL has ${text.length} characters, ${maxUrlLength} are allowed.`);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url) throw invalid(`Invalid webhook URL '${shown}'. Write it as https://<host>/<path>.`);
  const allowed = plain ? ['https', 'http'] : ['https'];
  const scheme = url.protocol.slice(0, -1);
  if (!allowed.includes(scheme))
    throw invalid(`Invalid webhook URL scheme: '${scheme}'. Allowed schemes are: ${allowed.join(', ')}.`);
  if (url.username !== '' || url.password !== '')
    throw invalid(
      'The webhook URL holds a user name or a password, which would be shown to everybody who lists webhooks. Use the secret, which signs deliveries.',
    );
}

/** Throws InvalidParameter. */
export function assertWebhookTexts(description: string | undefined, secret: string | undefined): void {
  if ((description?.length ?? 0) > maxDescriptionLength)
    throw invalid(`The webhook's description may have ${maxDescriptionLength} characters.`);
  if ((secret?.length ?? 0) > maxSecretLength)
    throw invalid(`The webhook's secret may have ${maxSecretLength} characters.`);
}
