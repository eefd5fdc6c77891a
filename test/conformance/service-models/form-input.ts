import { type ServiceModel, type ShapeReference, shapeOf } from './service-model.ts';
import { fromText } from './text-value.ts';

/** Names of a form, split at their dots: `Tags.member.1.Key`. */
interface Branch {
  text?: string;
  readonly below: Map<string, Branch>;
}

/** The parameters of the query protocol, in which dots lead to members, `member.<n>` to entries of lists and `entry.<n>` to those of maps. */
export function readForm(
  model: ServiceModel,
  inputShape: string,
  form: Readonly<Record<string, string>>,
): Record<string, unknown> {
  const root: Branch = { below: new Map() };
  for (const [name, text] of Object.entries(form)) {
    if (name === 'Action' || name === 'Version') continue;
    let branch = root;
    for (const part of name.split('.')) {
      const next = branch.below.get(part) ?? { below: new Map() };
      branch.below.set(part, next);
      branch = next;
    }
    branch.text = text;
  }
  return read(model, { shape: inputShape }, root) as Record<string, unknown>;
}

function read(model: ServiceModel, reference: ShapeReference, branch: Branch): unknown {
  const shape = shapeOf(model, reference.shape);
  const flattened = shape.flattened || reference.flattened;
  if (shape.type === 'structure') {
    const byWireName = new Map(
      Object.entries(shape.members ?? {}).map(([name, member]) => [member.locationName ?? name, member]),
    );
    const entries = [...branch.below].map(([name, one]) => {
      const member = byWireName.get(name);
      return [name, member ? read(model, member, one) : (one.text ?? {})];
    });
    return Object.fromEntries(entries);
  }
  if (shape.type === 'list') {
    const entries = flattened ? branch : branch.below.get(shape.member?.locationName ?? 'member');
    return inOrder(entries).map((one) => read(model, shape.member!, one));
  }
  if (shape.type === 'map') {
    const [keyName, valueName] = [shape.key?.locationName ?? 'key', shape.value?.locationName ?? 'value'];
    const entries = inOrder(flattened ? branch : branch.below.get('entry')).map((one) => [
      one.below.get(keyName)?.text ?? '',
      read(model, shape.value!, one.below.get(valueName) ?? { below: new Map() }),
    ]);
    return Object.fromEntries(entries);
  }
  return fromText(branch.text ?? '', shape);
}

const inOrder = (branch: Branch | undefined): Branch[] =>
  [...(branch?.below ?? [])].sort(([a], [b]) => Number(a) - Number(b)).map(([, one]) => one);
