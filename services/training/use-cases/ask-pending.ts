import { decidePending, isFinal } from '../domain/governor.ts';
import { type GovernorDeps, readProject, withGovernor } from './governor-memory.ts';
import { saveDecision } from './save-decision.ts';

/** Asks the governor again for what met a flight. Nothing waits, or it must go on waiting: nothing happens. */
export async function askPending(deps: GovernorDeps, project: string): Promise<void> {
  const { state } = await deps.store.readGovernor(project);
  if (!state.pending || state.flight) return;
  const { projectRevision, definition, context } = await readProject(deps, project);
  // What waits since the project had a target waits until it has one again.
  if (!definition.target) return;
  await withGovernor(deps, project, async (remembered) => {
    const { pending: waiting, ...rest } = remembered.state;
    if (!waiting) return;
    const pending = { ...waiting, projectRevision };
    const trainingId = deps.ids.next();
    const decision = decidePending({ ...rest, pending }, trainingId, context);
    if (!decision || (decision.decision === 'suppress' && !isFinal(decision.rule))) return;
    await saveDecision(deps, { project, request: pending, trainingId, remembered }, decision);
  });
}
