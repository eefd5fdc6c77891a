import { XMLParser } from 'fast-xml-parser';
import { type ServiceModel, type ShapeReference, shapeOf } from './service-model.ts';
import { fromText } from './text-value.ts';

const parser = new XMLParser({ ignoreAttributes: true, parseTagValue: false, trimValues: false });

/** The structure that an XML body is, in wire names; its text where it is not XML with that root. */
export function readXml(model: ServiceModel, payload: ShapeReference, text: string): unknown {
  const root = payload.locationName ?? payload.shape;
  try {
    const { '?xml': _declaration, ...document } = parser.parse(text, true) as Record<string, unknown>;
    if (Object.keys(document).join() !== root) return text;
    return read(model, payload, document[root]);
  } catch {
    return text;
  }
}

function read(model: ServiceModel, reference: ShapeReference, element: unknown): unknown {
  const shape = shapeOf(model, reference.shape);
  if (shape.type === 'list') {
    const name = shape.member?.locationName ?? 'member';
    const children = shape.flattened || reference.flattened ? element : (element as XmlElement)[name];
    return listOf(children).map((one) => read(model, shape.member!, one));
  }
  if (shape.type !== 'structure') return typeof element === 'string' ? fromText(element, shape) : element;
  if (typeof element === 'string') return element.trim() === '' ? {} : element;
  const byWireName = new Map(
    Object.entries(shape.members ?? {}).map(([name, member]) => [member.locationName ?? name, member]),
  );
  const entries = Object.entries(element as XmlElement)
    .filter(([name]) => name !== '#text')
    .map(([name, one]) => {
      const member = byWireName.get(name);
      return [name, member ? read(model, member, one) : one];
    });
  return Object.fromEntries(entries);
}

type XmlElement = Readonly<Record<string, unknown>>;
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);
