import { useEffect, useState } from 'preact/hooks';
import type { ApiClient } from '../api/client.ts';
import { type ArtifactName, artifactLink, openArtifact } from '../api/mlflow-artifacts.ts';
import { useClient } from '../api/use-api.ts';
import { Empty, FailureNotice } from '../parts/notices.tsx';
import { bytesText } from '../text/format.ts';
import { bytesWanted, type Preview, previewBytes, previewOf, readBeginning } from './artifact-kind.ts';

interface Shown {
  readonly preview: Preview;
  /** Of a picture; given back when another artifact is shown. */
  readonly address?: string;
}

/** What can be seen of an artifact. Nothing in it is ever run: it is text, or a picture by its bytes. */
export function ArtifactPreview({ root, path }: ArtifactName) {
  const client = useClient();
  const [shown, setShown] = useState<Shown>();
  const [failure, setFailure] = useState<Error>();
  useEffect(() => {
    const over = new AbortController();
    let address: string | undefined;
    read(client, { root, path }, over.signal).then(
      (next) => {
        address = next.address;
        if (over.signal.aborted) giveBack(address);
        else setShown(next);
      },
      (reason) => over.signal.aborted || setFailure(reason),
    );
    return () => {
      over.abort();
      giveBack(address);
    };
  }, [client, JSON.stringify(root), path]);
  return (
    <section class="preview" aria-label={`Preview of ${path}`}>
      <div class="preview-head">
        <code>{path}</code>
        <DownloadButton root={root} path={path} />
      </div>
      {failure && <FailureNotice failure={failure} doing="Reading the artifact" />}
      {!shown && !failure && <Empty>Reading the artifact …</Empty>}
      {shown && <Picture shown={shown} path={path} />}
    </section>
  );
}

function Picture({ shown: { preview, address }, path }: { shown: Shown; path: string }) {
  if (preview.kind === 'none') return <Empty>{preview.reason}</Empty>;
  if (preview.kind === 'picture') return <img src={address} alt={path} />;
  return (
    <>
      {!preview.isWhole && <p class="muted">The first {bytesText(previewBytes)} of it.</p>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard. */}
      <pre tabIndex={0}>{preview.text}</pre>
    </>
  );
}

async function read(client: ApiClient, of: ArtifactName, signal: AbortSignal): Promise<Shown> {
  const response = await openArtifact(client, of, signal);
  if (!response) return { preview: { kind: 'none', reason: 'This file is too big to be shown here.' } };
  const { bytes, isWhole } = await readBeginning(response, bytesWanted(of.path));
  const preview = previewOf(of.path, bytes, isWhole);
  if (preview.kind !== 'picture') return { preview };
  return { preview, address: URL.createObjectURL(new Blob([bytes], { type: preview.type })) };
}

function giveBack(address: string | undefined): void {
  if (address) URL.revokeObjectURL(address);
}

/** Saves the whole of it. It goes through the page, because a plain link would carry no token. */
function DownloadButton({ root, path }: ArtifactName) {
  const client = useClient();
  const [state, setState] = useState<'ready' | 'busy' | Error>('ready');
  const start = async () => {
    setState('busy');
    try {
      await download(client, { root, path });
      setState('ready');
    } catch (failure) {
      setState(failure as Error);
    }
  };
  return (
    <>
      <button type="button" disabled={state === 'busy'} onClick={start}>
        Download
      </button>
      {state instanceof Error && <FailureNotice failure={state} doing="The download" />}
    </>
  );
}

async function download(client: ApiClient, of: ArtifactName): Promise<void> {
  const { signal } = new AbortController();
  const response = await openArtifact(client, of, signal);
  if (!response) {
    follow(await artifactLink(client, of, signal), {});
    return;
  }
  // Of no type that a browser would open in place.
  const content = new Blob([await response.arrayBuffer()], { type: 'application/octet-stream' });
  const address = URL.createObjectURL(content);
  follow(address, { download: of.path.slice(of.path.lastIndexOf('/') + 1) });
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** What comes from elsewhere opens beside the page, which it can neither replace nor reach. */
function follow(address: string, { download }: { readonly download?: string }): void {
  const link = Object.assign(document.createElement('a'), { href: address });
  if (download) link.download = download;
  else Object.assign(link, { target: '_blank', rel: 'noopener noreferrer' });
  link.click();
}
