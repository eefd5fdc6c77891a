import { useLayoutEffect, useRef } from 'preact/hooks';
import { wordsOf } from '../text/format.ts';
import { type Layout, type LineageNode, type PlacedNode, relatedTo } from './lineage-layout.ts';
import { nextPlace } from './lineage-steps.ts';

/** Eight layers, from an upload to predictions, fit into the page at the smallest scale. */
const box = { width: 128, height: 44 };
const pitch = { x: 156, y: 54 };
/** Left of the first layer, arrows between things of one kind have room. */
const margin = { x: 22, y: 3 };
/** Below this the words are too small to read: then the picture scrolls. */
const smallestScale = 0.85;
/** Room for a label, and how much of it a letter takes: capitals and digits are wider. */
const labelWidth = box.width - 16;
const letterWidth = { narrow: 6.6, wide: 8.5 };

/** What a kind is about: each has a colour. */
const families: Readonly<Record<string, 'data' | 'training' | 'model' | 'use'>> = {
  upload: 'data',
  'dataset-version': 'data',
  validation: 'data',
  'project-revision': 'training',
  'training-set': 'training',
  training: 'training',
  run: 'training',
  evaluation: 'model',
  'model-version': 'model',
  approval: 'model',
};

interface LineagePictureProps {
  readonly layout: Layout;
  /** Id of the node that was asked for. */
  readonly root: string;
  readonly selected: string;
  readonly onSelect: (id: string) => void;
}

/**
 * What went into what, from left to right. One thing is selected, and what belongs to it stands out; the arrow keys go on to its
 * neighbours. The table below the picture says the same in words.
 */
export function LineagePicture({ layout, root, selected, onSelect }: LineagePictureProps) {
  const width = (layout.layers - 1) * pitch.x + box.width + 2 * margin.x;
  const height = Math.max(0, layout.rows - 1) * pitch.y + box.height + 2 * margin.y;
  const placeOf = new Map(layout.placed.map((placed) => [placed.node.id, placed]));
  const related = relatedTo(selected, layout.edges);
  const picture = useRef<SVGSVGElement>(null);
  const isMoving = useRef(false);
  // What is selected is seen; after a step by key it has the focus.
  useLayoutEffect(() => {
    const box = picture.current?.querySelector<SVGGElement>('[aria-pressed="true"]');
    box?.scrollIntoView({ block: 'nearest', inline: 'center' });
    if (isMoving.current) box?.focus({ preventScroll: true });
    isMoving.current = false;
  }, [selected]);
  const onKeyDown = (event: KeyboardEvent) => {
    const next = nextPlace(layout, selected, event.key);
    if (!next) return;
    event.preventDefault();
    isMoving.current = true;
    onSelect(next);
  };
  return (
    <section class="scroll lineage" aria-label="Picture of the lineage">
      {/* biome-ignore lint/a11y/useSemanticElements: there is no element for a drawing of buttons */}
      <svg
        ref={picture}
        viewBox={`0 0 ${width} ${height}`}
        style={{ width: '100%', maxWidth: `${width}px`, minWidth: `${width * smallestScale}px` }}
        role="group"
        aria-label="What went into what; the table below says the same"
        onKeyDown={onKeyDown}
      >
        {layout.edges.map(({ from, to, relation }) => {
          const [start, end] = [placeOf.get(from), placeOf.get(to)];
          const isRelated = related.has(from) && related.has(to);
          return (
            start &&
            end && (
              <Arrow
                key={`${from} ${to}`}
                start={start}
                end={end}
                relation={relation}
                isRelated={isRelated}
              />
            )
          );
        })}
        {layout.placed.map((placed) => (
          <Box
            key={placed.node.id}
            placed={placed}
            isRoot={placed.node.id === root}
            isSelected={placed.node.id === selected}
            isRelated={related.has(placed.node.id)}
            onSelect={onSelect}
          />
        ))}
      </svg>
    </section>
  );
}

const cornerOf = ({ layer, row }: PlacedNode): { readonly x: number; readonly y: number } => ({
  x: margin.x + layer * pitch.x,
  y: margin.y + row * pitch.y,
});

interface BoxProps {
  readonly placed: PlacedNode;
  readonly isRoot: boolean;
  readonly isSelected: boolean;
  readonly isRelated: boolean;
  readonly onSelect: (id: string) => void;
}

function Box({ placed, isRoot, isSelected, isRelated, onSelect }: BoxProps) {
  const { node } = placed;
  const corner = cornerOf(placed);
  const classes = [
    'node',
    families[node.kind] ?? 'use',
    isRoot && 'root',
    isSelected && 'selected',
    !isRelated && 'aside',
  ];
  const hasBadMark = node.marks?.some(({ tone }) => tone === 'bad');
  return (
    // biome-ignore lint/a11y/useSemanticElements: an SVG has no button
    <g
      transform={`translate(${corner.x} ${corner.y})`}
      class={classes.filter(Boolean).join(' ')}
      role="button"
      aria-pressed={isSelected}
      aria-label={`${wordsOf(node.kind)}: ${node.label}${isRoot ? ', asked for' : ''}`}
      tabindex={isSelected ? 0 : -1}
      onClick={() => onSelect(node.id)}
    >
      <title>{node.label}</title>
      <rect width={box.width} height={box.height} rx={6} />
      <rect class="family" x={1} y={6} width={3} height={box.height - 12} rx={1.5} />
      <svg x={11} width={box.width - 14} height={box.height} aria-hidden="true">
        <text y={17} class="kind">
          {node.project ? `in ${node.project}` : wordsOf(node.kind)}
        </text>
        <text y={34}>{shortened(node)}</text>
      </svg>
      {node.marks && <circle class={hasBadMark ? 'flag bad' : 'flag'} cx={box.width - 11} cy={12} r={4} />}
    </g>
  );
}

/** The kind stands above already, and the end of a long name tells more than its beginning: `…/first.csv`. */
function shortened({ kind, label }: LineageNode): string {
  const words = wordsOf(kind);
  const name = label.replace(new RegExp(`^${words}:? (of )?`), '').replace(` × ${words}`, ' alike');
  // `dataset version 7` → `version 7`.
  let end = /^\d+$/.test(name) ? `${words.split(' ').at(-1)} ${name}` : name;
  if (widthOf(end) <= labelWidth) return end;
  while (widthOf(`…${end}`) > labelWidth) end = end.slice(1);
  return `…${end}`;
}

const widthOf = (text: string): number =>
  [...text].reduce(
    (sum, letter) => sum + (/[A-Z0-9mw]/.test(letter) ? letterWidth.wide : letterWidth.narrow),
    0,
  );

interface ArrowProps {
  readonly start: PlacedNode;
  readonly end: PlacedNode;
  readonly relation: string;
  readonly isRelated: boolean;
}

/** From right to left side, or round the left of a layer between things of one kind. */
function Arrow({ start, end, relation, isRelated }: ArrowProps) {
  const [from, to] = [cornerOf(start), cornerOf(end)];
  const middle = box.height / 2;
  const sameLayer = start.layer === end.layer;
  const tail = { x: sameLayer ? from.x : from.x + box.width, y: from.y + middle + (sameLayer ? 6 : 0) };
  const head = { x: to.x, y: to.y + middle - (sameLayer ? 6 : 0) };
  const bend = sameLayer ? -20 : Math.max(24, (head.x - tail.x) / 2);
  const headBend = sameLayer ? 20 : bend;
  return (
    <g class={isRelated ? 'edge' : 'edge aside'}>
      <title>{relation}</title>
      <path
        d={`M${tail.x} ${tail.y}C${tail.x + bend} ${tail.y} ${head.x - headBend} ${head.y} ${head.x} ${head.y}`}
      />
      <path d={`M${head.x - 6} ${head.y - 4}L${head.x} ${head.y}L${head.x - 6} ${head.y + 4}`} />
    </g>
  );
}
