/** A fenced block of shell commands on a page of the guide. */
export interface CommandBlock {
  /** The heading above it. */
  readonly section: string;
  readonly commands: string;
  /** From `<!-- not run: … -->` on the line above the fence. */
  readonly notRun?: string;
}

const fence = /^(?:<!-- not run: (.+) -->\n)?```sh\n([\s\S]*?)^```$/gm;

/** The `sh` blocks of a page, in their order. Blocks of other languages only show something. */
export function commandBlocks(page: string): CommandBlock[] {
  return page.split(/^(?=## )/m).flatMap((part) => {
    const section = /^## (.+)/.exec(part)?.[1] ?? '';
    return [...part.matchAll(fence)].map(([, notRun, commands = '']) => ({
      section,
      commands,
      ...(notRun ? { notRun } : {}),
    }));
  });
}
