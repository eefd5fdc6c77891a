import * as z from 'zod';
import { defineMlflowRoute } from '#shared/mlflow/route.ts';
import { bool, timestampMs } from '#shared/mlflow/wire.ts';

const texts = z.record(z.string(), z.string()).default({});

const feedback = z.object({
  value: z.json().optional(),
  error: z
    .object({
      error_code: z.string().optional(),
      error_message: z.string().optional(),
      stack_trace: z.string().optional(),
    })
    .optional(),
});
const expectation = z.object({
  value: z.json().optional(),
  serialized_value: z
    .object({ serialization_format: z.string().default(''), value: z.string().default('') })
    .optional(),
});

/** An assessment as clients write it; what a change leaves out is missing. */
const assessmentParts = z.object({
  assessment_id: z.string().optional(),
  assessment_name: z.string().optional(),
  span_id: z.string().optional(),
  source: z.object({ source_type: z.string(), source_id: z.string().default('default') }).optional(),
  create_time: timestampMs.optional(),
  last_update_time: timestampMs.optional(),
  feedback: feedback.optional(),
  expectation: expectation.optional(),
  issue: z.object({ issue_name: z.string().default('') }).optional(),
  rationale: z.string().optional(),
  metadata: texts,
  overrides: z.string().optional(),
  valid: bool.optional(),
});
export type AssessmentParts = z.output<typeof assessmentParts>;

export const assessmentMessage = assessmentParts.extend({
  assessment_name: z.string(),
  source: z.object({ source_type: z.string(), source_id: z.string().default('default') }),
});
export type AssessmentMessage = z.output<typeof assessmentMessage>;

const versions = ['3.0'] as const;
const ofTrace = '/mlflow/traces/{trace_id}/assessments';
const ofAssessment = `${ofTrace}/{assessment_id}`;
const one = z.object({ trace_id: z.string(), assessment_id: z.string() });

export const createAssessment = defineMlflowRoute({
  service: 'tracking',
  name: 'MlflowService.createAssessment',
  method: 'POST',
  path: ofTrace,
  versions,
  role: 'scientist',
  message: z.object({ trace_id: z.string(), assessment: assessmentMessage }),
});

export const getAssessment = defineMlflowRoute({
  service: 'tracking',
  name: 'MlflowService.GetAssessment',
  method: 'GET',
  path: ofAssessment,
  versions,
  role: 'viewer',
  message: one,
});

export const updateAssessment = defineMlflowRoute({
  service: 'tracking',
  name: 'MlflowService.updateAssessment',
  method: 'PATCH',
  path: ofAssessment,
  versions,
  role: 'scientist',
  message: one.extend({ assessment: assessmentParts, update_mask: z.string() }),
});

export const deleteAssessment = defineMlflowRoute({
  service: 'tracking',
  name: 'MlflowService.deleteAssessment',
  method: 'DELETE',
  path: ofAssessment,
  versions,
  role: 'scientist',
  message: one,
});

export const assessmentRoutes = [createAssessment, getAssessment, updateAssessment, deleteAssessment];
