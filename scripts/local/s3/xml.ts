import { XMLBuilder, XMLParser } from 'fast-xml-parser';
import { AwsError, type AwsResponse } from '../emulated-service.ts';

const namespace = 'http://s3.amazonaws.com/doc/2006-03-01/';
const builder = new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: '@', processEntities: true });
const parser = new XMLParser({ ignoreAttributes: true, parseTagValue: false, trimValues: false });

/** Children of an XML element; arrays repeat the element, undefined ones are left out. */
export type XmlMembers = Readonly<Record<string, unknown>>;

/** An XML answer in the namespace of S3. */
export function xmlResponse(
  root: string,
  members: XmlMembers,
  headers: Record<string, string> = {},
): AwsResponse {
  const body = builder.build({ [root]: { '@xmlns': namespace, ...withoutUndefined(members) } });
  return {
    status: 200,
    headers: { 'content-type': 'application/xml', ...headers },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n${body}`,
  };
}

/** Reads an XML body whose root element is `root`; throws MalformedXML. */
export function parseXml(body: Buffer, root: string): Record<string, unknown> {
  try {
    const document = parser.parse(body.toString('utf8')) as Record<string, unknown>;
    const content = document[root];
    if (typeof content === 'object' && content !== null) return content as Record<string, unknown>;
    if (content === '') return {};
  } catch {
    // Answered as MalformedXML below, like a body with another root.
  }
  throw new AwsError(
    'MalformedXML',
    'The XML you provided was not well-formed or did not validate against our published schema',
  );
}

/** The children of a repeatable element: none, one or many. */
export function listOf(value: unknown): Record<string, unknown>[] {
  const all = Array.isArray(value) ? value : value === undefined || value === '' ? [] : [value];
  return all as Record<string, unknown>[];
}

function withoutUndefined(members: XmlMembers): XmlMembers {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
