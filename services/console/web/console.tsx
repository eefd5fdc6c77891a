import { useMemo, useState } from 'preact/hooks';
import { ApiFailure, createClient } from './api/client.ts';
import { type Credentials, keepCredentials, keptCredentials } from './api/credentials.ts';
import { ClientProvider, type Polled, usePolled } from './api/use-api.ts';
import { ApprovalInbox } from './approvals/approval-inbox.tsx';
import { LineagePage } from './models/lineage-page.tsx';
import { type Caller, IdentityMenu, TokenForm } from './parts/identity.tsx';
import { Empty } from './parts/notices.tsx';
import { ProjectList } from './projects/project-list.tsx';
import { ProjectPage } from './projects/project-page.tsx';
import { addressOf, type Route, useRoute } from './routes.ts';

/** The whole page: who asks, and what they look at. */
export function Console({ storage }: { storage: Storage }) {
  const [credentials, setCredentials] = useState(() => keptCredentials(storage));
  const [refusal, setRefusal] = useState<ApiFailure>();
  const [keeps, setKeeps] = useState(false);
  const client = useMemo(
    () =>
      createClient({ fetch: (address, init) => fetch(address, init), credentials, onRefused: setRefusal }),
    [credentials],
  );
  const change = (next: Credentials) => {
    keepCredentials(storage, next);
    setRefusal(undefined);
    setKeeps(false);
    setCredentials(next);
  };
  return (
    <ClientProvider value={client}>
      <Frame
        credentials={credentials}
        refusal={refusal}
        onChange={change}
        keeps={keeps}
        onKeep={() => setKeeps(true)}
      />
    </ClientProvider>
  );
}

interface FrameProps {
  readonly credentials: Credentials;
  readonly refusal: ApiFailure | undefined;
  readonly onChange: (credentials: Credentials) => void;
  /** Goes on with the token at hand, whatever it is refused. */
  readonly keeps: boolean;
  readonly onKeep: () => void;
}

function Frame({ credentials, refusal, onChange, keeps, onKeep }: FrameProps) {
  const route = useRoute();
  const caller: Polled<Caller> = usePolled(
    (api, signal) => api.call('readCaller', { params: {}, signal }),
    () => 60_000,
  );
  const needsToken = caller.failure instanceof ApiFailure && [401, 403].includes(caller.failure.status);
  const mayChangeToken = !keeps && caller.value?.stage !== 'local';
  return (
    <>
      <button type="button" class="skip" onClick={toContent}>
        Skip to the content
      </button>
      <header class="top">
        <a class="brand" href={addressOf.projects}>
          Millrace
        </a>
        <nav class="links" aria-label="Main">
          <TopLink address={addressOf.projects} active={route.page !== 'approvals'} label="Projects" />
          <TopLink address={addressOf.approvals} active={route.page === 'approvals'} label="Approvals" />
        </nav>
        {caller.value && <IdentityMenu caller={caller.value} credentials={credentials} onChange={onChange} />}
      </header>
      <main id="content" tabIndex={-1}>
        {(needsToken || mayChangeToken) && refusal && (
          <TokenForm refusal={refusal} onChange={onChange} onKeep={needsToken ? undefined : onKeep} />
        )}
        {!needsToken && <Page route={route} />}
      </main>
    </>
  );
}

function TopLink({ address, active, label }: { address: string; active: boolean; label: string }) {
  return (
    <a href={address} aria-current={active ? 'page' : undefined}>
      {label}
    </a>
  );
}

/** What stands after # is the address of a page, so this cannot be a link. */
function toContent(): void {
  document.querySelector<HTMLElement>('#content')?.focus();
}

function Page({ route }: { route: Route }) {
  switch (route.page) {
    case 'projects':
      return <ProjectList />;
    case 'approvals':
      return <ApprovalInbox />;
    case 'project':
      return <ProjectPage key={route.project} project={route.project} tab={route.tab} />;
    case 'lineage':
      return <LineagePage key={`${route.project}/${route.kind}/${route.id}`} {...route} />;
    case 'unknown':
      return (
        <Empty>
          There is no such page. <a href={addressOf.projects}>All projects</a>
        </Empty>
      );
  }
}
