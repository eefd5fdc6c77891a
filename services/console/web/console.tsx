import { useMemo, useState } from 'preact/hooks';
import { ApiFailure, createClient } from './api/client.ts';
import { type Credentials, keepCredentials, keptCredentials } from './api/credentials.ts';
import { ClientProvider, type Polled, usePolled } from './api/use-api.ts';
import { ApprovalInbox } from './approvals/approval-inbox.tsx';
import { ComparePage } from './compare/compare-page.tsx';
import { DatasetVersionPage } from './data/dataset-version-page.tsx';
import { SuggestionPage } from './data/suggestion-page.tsx';
import { ExperimentList } from './experiments/experiment-list.tsx';
import { FeatureViewPage } from './features/feature-view-page.tsx';
import { LineagePage } from './models/lineage-page.tsx';
import { ModelList } from './models/model-list.tsx';
import { ModelPage } from './models/model-page.tsx';
import { type Caller, IdentityMenu, TokenForm } from './parts/identity.tsx';
import { Empty } from './parts/notices.tsx';
import { ProjectList } from './projects/project-list.tsx';
import { ProjectPage } from './projects/project-page.tsx';
import { addressOf, type Route, useRoute } from './routes.ts';
import { RunPage } from './runs/run-page.tsx';
import { RunTablePage } from './runs/run-table-page.tsx';

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

/** What the top of the page leads to, with the pages that belong to each. */
const areas: readonly { label: string; address: string; pages: readonly Route['page'][] }[] = [
  {
    label: 'Projects',
    address: addressOf.projects,
    pages: ['projects', 'project', 'dataset-version', 'feature-view', 'contract-suggestion', 'lineage'],
  },
  {
    label: 'Experiments',
    address: addressOf.experiments(),
    pages: ['experiments', 'experiment', 'run', 'compare'],
  },
  { label: 'Models', address: addressOf.models(), pages: ['models', 'model'] },
  { label: 'Approvals', address: addressOf.approvals, pages: ['approvals'] },
];

/** Tables of many columns use the whole window. */
const widePages: readonly Route['page'][] = ['experiment', 'compare'];

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
  const breadth = widePages.includes(route.page) ? 'broad' : '';
  const mayChangeToken = !keeps && caller.value?.stage !== 'local';
  return (
    <>
      <button type="button" class="skip" onClick={toContent}>
        Skip to the content
      </button>
      <header class={`top ${breadth}`}>
        <a class="brand" href={addressOf.projects}>
          Millrace
        </a>
        <nav class="links" aria-label="Main">
          {areas.map(({ label, address, pages }) => (
            <TopLink key={label} label={label} address={address} active={pages.includes(route.page)} />
          ))}
        </nav>
        {caller.value && <IdentityMenu caller={caller.value} credentials={credentials} onChange={onChange} />}
      </header>
      <main id="content" tabIndex={-1} class={breadth}>
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
    case 'dataset-version':
      return <DatasetVersionPage key={`${route.project}/${route.datasetVersion}`} {...route} />;
    case 'feature-view':
      return (
        <FeatureViewPage key={`${route.project} ${route.view}`} project={route.project} view={route.view} />
      );
    case 'contract-suggestion':
      return <SuggestionPage key={route.suggestionId} {...route} />;
    case 'lineage':
      return <LineagePage key={`${route.project}/${route.kind}/${route.id}`} {...route} />;
    case 'experiments':
      return <ExperimentList view={route.view} />;
    case 'experiment':
      return <RunTablePage key={route.experimentId} experimentId={route.experimentId} view={route.view} />;
    case 'run':
      return <RunPage key={route.runId} {...route} />;
    case 'compare':
      return <ComparePage view={route.view} />;
    case 'models':
      return <ModelList view={route.view} />;
    case 'model':
      return <ModelPage key={route.model} model={route.model} />;
    case 'unknown':
      return (
        <Empty>
          There is no such page. <a href={addressOf.projects}>All projects</a>
        </Empty>
      );
  }
}
