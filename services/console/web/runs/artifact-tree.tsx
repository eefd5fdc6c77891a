import { useState } from 'preact/hooks';
import { type ArtifactRoot, listArtifacts } from '../api/mlflow-artifacts.ts';
import type { ArtifactFile } from '../api/mlflow-entities.ts';
import { useListed } from '../api/use-listed.ts';
import { FailureNotice } from '../parts/notices.tsx';
import { bytesText } from '../text/format.ts';

interface FolderProps {
  readonly root: ArtifactRoot;
  /** From the root of the artifacts; empty for the root. */
  readonly path: string;
  readonly shown: string | undefined;
  readonly onShow: (file: ArtifactFile) => void;
}

/** Files and folders of a folder; folders are read when they are opened. */
export function ArtifactFolder({ root, path, shown, onShow }: FolderProps) {
  const { items, isComplete, failure, more } = useListed(
    (api, pageToken, signal) => listArtifacts(api, { root, path, pageToken }, signal),
    `${JSON.stringify(root)} ${path}`,
  );
  if (failure) return <FailureNotice failure={failure} doing="Reading the artifacts" />;
  if (!items) return <p class="empty">Reading the artifacts …</p>;
  if (items.length === 0) return <p class="empty">{path ? 'Empty.' : 'There are no artifacts.'}</p>;
  return (
    <ul class="folder">
      {items.map((file) => (
        <li key={file.path}>
          {file.isFolder ? (
            <Subfolder root={root} path={file.path} shown={shown} onShow={onShow} />
          ) : (
            <button
              type="button"
              class="file"
              aria-current={file.path === shown ? 'true' : undefined}
              onClick={() => onShow(file)}
            >
              <span>{nameOf(file.path)}</span>
              {file.bytes !== undefined && <span class="muted">{bytesText(file.bytes)}</span>}
            </button>
          )}
        </li>
      ))}
      {!isComplete && (
        <li>
          <button type="button" onClick={more}>
            More
          </button>
        </li>
      )}
    </ul>
  );
}

function Subfolder(props: FolderProps) {
  const [isOpen, setOpen] = useState(props.shown?.startsWith(`${props.path}/`) ?? false);
  return (
    <details open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{nameOf(props.path)}/</summary>
      {isOpen && <ArtifactFolder {...props} />}
    </details>
  );
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
