import { type BoundMlflowRoute, bindMlflow } from '#shared/mlflow/handler.ts';
import { assessed, assessmentOf, reassessed, withoutAssessment } from '../domain/assessments.ts';
import { changeTrace, readTrace, type TraceDeps } from '../use-cases/traces.ts';
import { assessmentMessageOf, assessmentOfMessage, changeOfMessage } from './assessment-messages.ts';
import * as routes from './routes/assessments.ts';

/** Feedback, expectations and issues of traces. */
export function assessmentRoutes(deps: TraceDeps): BoundMlflowRoute[] {
  const now = () => deps.clock.now().getTime();
  return [
    bindMlflow(routes.createAssessment, async ({ caller, message }) => {
      const { trace_id: traceId } = message;
      const assessment = assessmentOfMessage(traceId, message.assessment, now());
      await changeTrace(deps, caller, traceId, (trace) => assessed(trace, assessment));
      return { assessment: assessmentMessageOf(traceId, assessment) };
    }),
    bindMlflow(routes.getAssessment, async ({ caller, message }) => {
      const trace = await readTrace(deps, caller, message.trace_id);
      return { assessment: assessmentMessageOf(trace.traceId, assessmentOf(trace, message.assessment_id)) };
    }),
    bindMlflow(routes.updateAssessment, async ({ caller, message }) => {
      const { trace_id: traceId, assessment_id: assessmentId } = message;
      const change = changeOfMessage(message.assessment, message.update_mask);
      const nowMs = now();
      const trace = await changeTrace(deps, caller, traceId, (before) =>
        reassessed(before, assessmentId, change, nowMs),
      );
      return { assessment: assessmentMessageOf(traceId, assessmentOf(trace, assessmentId)) };
    }),
    bindMlflow(routes.deleteAssessment, async ({ caller, message }) => {
      await changeTrace(deps, caller, message.trace_id, (trace) =>
        withoutAssessment(trace, message.assessment_id),
      );
      return {};
    }),
  ];
}
