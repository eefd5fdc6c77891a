import { wordsOf } from '../text/format.ts';
import type { Layout, LineageNode, PlacedNode } from './lineage-layout.ts';

/** Six layers, from an upload to predictions, fit into a wide window. */
const box = { width: 144, height: 46 };
const pitch = { x: 176, y: 62 };
const margin = 2;
/** As many letters as fit into a box. */
const longestLabel = 17;

interface LineagePictureProps {
  readonly layout: Layout;
  /** Id of the node that was asked for. */
  readonly root: string;
}

/** What went into what, from left to right. The table below the picture says the same in words. */
export function LineagePicture({ layout, root }: LineagePictureProps) {
  const width = (layout.layers - 1) * pitch.x + box.width + 2 * margin;
  const height = (layout.rows - 1) * pitch.y + box.height + 2 * margin;
  const placeOf = new Map(layout.placed.map((placed) => [placed.node.id, cornerOf(placed)]));
  return (
    <section class="scroll lineage" aria-label="Picture of the lineage">
      <svg
        width={width}
        height={height}
        role="img"
        aria-label="What went into what; the table below says the same"
      >
        {layout.edges.map(({ from, to, relation }) => {
          const start = placeOf.get(from);
          const end = placeOf.get(to);
          return start && end && <Arrow key={`${from} ${to}`} start={start} end={end} relation={relation} />;
        })}
        {layout.placed.map(({ node }) => (
          <Box key={node.id} node={node} corner={placeOf.get(node.id)!} isRoot={node.id === root} />
        ))}
      </svg>
    </section>
  );
}

interface Point {
  readonly x: number;
  readonly y: number;
}

const cornerOf = ({ layer, row }: PlacedNode): Point => ({
  x: margin + layer * pitch.x,
  y: margin + row * pitch.y,
});

function Box({ node, corner, isRoot }: { node: LineageNode; corner: Point; isRoot: boolean }) {
  return (
    <g transform={`translate(${corner.x} ${corner.y})`} class={isRoot ? 'node root' : 'node'}>
      <title>{node.label}</title>
      <rect width={box.width} height={box.height} rx={6} />
      <svg x={9} width={box.width - 12} height={box.height} aria-hidden="true">
        <text y={18} class="kind">
          {wordsOf(node.kind)}
        </text>
        <text y={35}>{shortened(node)}</text>
      </svg>
    </g>
  );
}

/** The kind stands above already, and the end of a long name tells more than its beginning: `…/first.csv`. */
function shortened({ kind, label }: LineageNode): string {
  if (label.length <= longestLabel) return label;
  const name = label.replace(new RegExp(`^${wordsOf(kind)} `), '');
  return name.length <= longestLabel ? name : `…${name.slice(1 - longestLabel)}`;
}

function Arrow({ start, end, relation }: { start: Point; end: Point; relation: string }) {
  const from = { x: start.x + box.width, y: start.y + box.height / 2 };
  const to = { x: end.x, y: end.y + box.height / 2 };
  const bend = Math.max(24, (to.x - from.x) / 2);
  return (
    <g class="edge">
      <title>{relation}</title>
      <path d={`M${from.x} ${from.y}C${from.x + bend} ${from.y} ${to.x - bend} ${to.y} ${to.x} ${to.y}`} />
      <path d={`M${to.x - 6} ${to.y - 4}L${to.x} ${to.y}L${to.x - 6} ${to.y + 4}`} />
    </g>
  );
}
