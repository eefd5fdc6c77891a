import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { Empty } from '../parts/notices.tsx';
import { Panel } from '../parts/panel.tsx';
import { countText } from '../text/format.ts';

export interface Pair {
  readonly key: string;
  readonly value: ComponentChildren;
  /** Right of the value. */
  readonly note?: ComponentChildren;
}

interface PairsPanelProps {
  readonly title: string;
  /** One of them: `param`. */
  readonly noun: string;
  readonly pairs: readonly Pair[];
  readonly isNumeric?: boolean;
}

/** From so many on, they can be searched. */
const searchedFrom = 12;

/** Names and values, by name. */
export function PairsPanel({ title, noun, pairs, isNumeric = false }: PairsPanelProps) {
  const [part, setPart] = useState('');
  const found = pairs
    .filter(({ key }) => key.toLowerCase().includes(part.toLowerCase()))
    .toSorted((one, other) => (one.key < other.key ? -1 : 1));
  return (
    <Panel title={title} aside={<span class="muted">{countText(pairs.length, noun)}</span>}>
      {pairs.length >= searchedFrom && (
        <label>
          Find a {noun}
          <input value={part} onInput={(event) => setPart(event.currentTarget.value)} autoComplete="off" />
        </label>
      )}
      {found.length === 0 && (
        <Empty>{pairs.length === 0 ? 'None.' : `No ${noun}'s name holds '${part}'.`}</Empty>
      )}
      {found.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
        <section class="pairs" tabIndex={0} aria-label={title}>
          <table>
            <caption class="unseen">{title}</caption>
            <tbody>
              {found.map(({ key, value, note }) => (
                <tr key={key}>
                  <th scope="row">{key}</th>
                  <td class={isNumeric ? 'numeric' : 'wide'}>{value}</td>
                  {note !== undefined && <td class="numeric muted">{note}</td>}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </Panel>
  );
}
