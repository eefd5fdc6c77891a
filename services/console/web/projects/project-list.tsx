import { usePolled } from '../api/use-api.ts';
import { Empty, Loaded } from '../parts/notices.tsx';
import { addressOf } from '../routes.ts';
import { timeText } from '../text/format.ts';

/** All projects that the caller may see. */
export function ProjectList() {
  const projects = usePolled(
    (api, signal) => api.call('listProjects', { params: {}, signal }),
    () => 10_000,
  );
  return (
    <>
      <h1>Projects</h1>
      <Loaded polled={projects} doing="Reading the projects">
        {({ items }) =>
          items.length === 0 ? (
            <Empty>
              No project yet. Declare one in a file and apply it: <code>npx millrace apply project.yaml</code>
            </Empty>
          ) : (
            <ul class="cards">
              {items.map(({ project, description, owners, revision, appliedAt }) => (
                <li key={project}>
                  <a class="panel card" href={addressOf.project(project)}>
                    <strong>{project}</strong>
                    <span>{description}</span>
                    <span class="muted">
                      {owners.join(', ')} · revision {revision}, {timeText(appliedAt)}
                    </span>
                  </a>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </>
  );
}
