const iso =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?(?:\s?(Z|[+-]\d{2}(?::?\d{2})?))?)?$/i;

/**
 * An ISO 8601 date or time as `YYYY-MM-DDTHH:MM:SS[.ffffff]Z`, in UTC, which is meant where no zone is written. Undefined where
 * the text is none, such as a 31st of April.
 */
export function timestampOf(text: string): string | undefined {
  const match = iso.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '', zone = 'Z'] = match;
  const local = `${year}-${month}-${day}T${hour}:${minute}:${second}Z`;
  const time = new Date(local).getTime();
  if (Number.isNaN(time) || year === '0000' || new Date(time).toISOString() !== local.replace('Z', '.000Z'))
    return undefined;
  const utc = new Date(time - offsetMinutes(zone) * 60_000).toISOString();
  if (!/^\d{4}-/.test(utc)) return undefined;
  const digits = fraction.replace(/0+$/, '');
  return `${utc.slice(0, 19)}${digits === '' ? '' : `.${digits}`}Z`;
}

function offsetMinutes(zone: string): number {
  if (zone.toUpperCase() === 'Z') return 0;
  const [hours, minutes] = [zone.slice(1, 3), zone.slice(3).replace(':', '') || '0'].map(Number) as [
    number,
    number,
  ];
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}
