import { count, listOf, metricsText, numberOf, objectOf, textOf } from './fact-text.ts';
import type { Fact } from './facts.ts';
import { featureReadings } from './journey-features.ts';
import { done, failed, type Reading, running, type StepChange, skipped } from './journey-step.ts';

const gateSummary = (gates: readonly Record<string, unknown>[]): string =>
  gates
    .map((gate) => textOf(gate['message']))
    .filter((text) => text !== '')
    .join('; ');

function evaluated(data: Fact['data']): StepChange {
  const champion = data['championVersion'] ? ` (champion: ${metricsText(data['championMetrics'])})` : '';
  const verdict = textOf(data['verdict']);
  if (verdict === 'Pass') return done('evaluation', `Pass: ${metricsText(data['metrics'])}${champion}`);
  const missed = listOf(data['gates'])
    .map(objectOf)
    .filter((gate) => gate['verdict'] !== 'Pass');
  return failed('evaluation', `${verdict}: ${gateSummary(missed)}`);
}

/** Rows that were erased are checked again beside every story. A verdict under a contract that came, or with released rows, replaces the one before. */
function validated(data: Fact['data']): readonly StepChange[] {
  const occasion = textOf(data['occasion']);
  if (occasion === 'erasure') return [];
  const verdict = textOf(data['verdict']);
  const summary = `${verdict}: ${count(data['validRows'], 'row')} valid, ${numberOf(data['quarantinedRows'])} in quarantine${findingsOf(data)}`;
  const isGood = verdict === 'Pass' || verdict === 'Warn';
  const again = occasion === 'contract' || occasion === 'release';
  return [
    ...(occasion === 'contract'
      ? [
          {
            ...done('contract', `applied as revision ${numberOf(data['projectRevision'])}`),
            onlyWaiting: true,
          },
        ]
      : []),
    { ...(isGood ? done : failed)('validation', summary), again },
    ...(isGood ? [running('request', 'asking the governor')] : []),
  ];
}

/** Every event that moves a journey, and how. Other facts (captures, retired endpoints, …) are in the audit log only. */
const readings: Readonly<Record<string, Reading>> = {
  ...featureReadings,
  DatasetVersionCreated: (data) => [
    done(
      'upload',
      `dataset version ${numberOf(data['datasetVersion'])}${restorationOf(data)}: ${count(data['rows'], 'row')}, ${listOf(data['columns']).length} columns`,
    ),
    running('validation', 'checking the rows against the project’s contract'),
  ],
  DatasetVersionRejected: (data) => [
    failed(
      'upload',
      listOf(data['reasons'])
        .map((reason) => textOf(objectOf(reason)['message']))
        .join('; '),
    ),
  ],
  SchemaSuggested: (data) => [
    {
      step: 'contract',
      status: 'waiting',
      summary: `suggested from ${count(data['rows'], 'row')}: ${count(data['columns'], 'column')}; a person approves, edits or refuses suggestion ${textOf(data['suggestionId'])}`,
    },
    { step: 'validation', status: 'waiting', summary: 'waits for a contract' },
  ],
  ContractApproved: (data) => [
    done(
      'contract',
      `approved${data['edited'] === true ? ' after editing' : ''} by ${textOf(data['approvedBy'])}: ${textOf(data['comment'])}`,
    ),
    running('validation', 'checking the rows against the approved contract'),
  ],
  SuggestionRefused: (data) => [
    {
      step: 'contract',
      status: 'waiting',
      summary: `suggestion refused by ${textOf(data['refusedBy'])}: ${textOf(data['comment'])}; waits for a contract that is applied`,
    },
  ],
  QuarantineReleased: (data) => [
    done(
      'release',
      `${count(data['rows'], 'row')} released by ${textOf(data['releasedBy'])}: ${textOf(data['reason'])}`,
    ),
  ],
  ValidationCompleted: validated,
  DriftDetected: (data) => {
    const scores = listOf(data['scores']).map(objectOf);
    const worst = scores
      .slice(0, 3)
      .map((score) => `${textOf(score['subject'])} PSI ${numberOf(score['psi']).toFixed(2)}`);
    return [
      done(
        'drift',
        `version ${numberOf(data['modelVersion'])}: ${count(scores.length, textOf(data['kind']) === 'prediction' ? 'output' : 'feature')} moved (${worst.join(', ')})`,
      ),
      running('request', 'asking the governor'),
    ];
  },
  PerformanceMeasured: (data) =>
    textOf(data['verdict']) === 'Degraded'
      ? [
          done(
            'performance',
            `version ${numberOf(data['modelVersion'])} degraded: ${metricsText(data['metrics'])} on ${count(data['labelled'], 'label')}`,
          ),
          running('request', 'asking the governor'),
        ]
      : [],
  TrainingRequested: (data) => [
    done(
      'request',
      `${textOf(data['trigger'])}: ${listOf(data['reasons']).map(textOf).join('; ')}`.slice(0, 300),
    ),
    running('training_set', `of dataset version ${numberOf(data['datasetVersion'])}`),
  ],
  TrainingSuppressed: (data) => [skipped('request', `${textOf(data['rule'])}: ${textOf(data['message'])}`)],
  TrainingSetBuilt: (data) => {
    const rows = objectOf(data['rows']);
    return [
      done(
        'training_set',
        `${numberOf(rows['train'])} train, ${numberOf(rows['validation'])} validation, ${numberOf(rows['test'])} test rows; ${listOf(data['featureNames']).length} features`,
      ),
      running('training', 'creating the SageMaker job'),
    ];
  },
  TrainingStarted: (data) => [running('training', `SageMaker job ${textOf(data['jobName'])}`)],
  EvaluationCompleted: (data) => [
    done('training', 'trained; held-out rows predicted'),
    evaluated(data),
    running('registration', 'registering'),
  ],
  ModelVersionEvaluated: (data) => [evaluated(data)],
  ReleaseRequested: (data) => [
    running(
      'approval',
      `release of ${versionText(data)} asked for${data['reason'] ? `: ${textOf(data['reason'])}` : ''}; gates, then people`,
    ),
  ],
  ModelVersionCreated: (data) => [
    running('registration', `${versionText(data)}: reading its bytes from ${textOf(data['source'])}`),
  ],
  ModelVersionRegistered: (data) => [
    done('registration', `${versionText(data)}${originOf(data)}${featuresOf(data)}`),
    // A client's model that is no project's is released by nobody, and what was copied only where somebody asks.
    ...(data['origin'] === 'client' && (data['model'] !== data['project'] || data['importedFrom'])
      ? []
      : [running('approval', 'gates, then people')]),
  ],
  ModelVersionQuarantined: (data) => [
    failed('registration', `${versionText(data)} is in quarantine: ${textOf(data['reason'])}`),
  ],
  TrainingCompleted: () => [],
  TrainingFailed: (data) => [
    failed(
      'training',
      `${textOf(data['step'])}: ${textOf(data['error'])}: ${textOf(data['cause'])}`.slice(0, 500),
    ),
  ],
  ApprovalRequested: (data) => {
    const approvers = listOf(data['approvers']).map(textOf);
    return [
      {
        step: 'approval',
        status: 'waiting',
        summary: `waits for ${approvers.length > 0 ? approvers.join(', ') : 'an approver'} until ${textOf(data['expiresAt'])}`,
      },
    ];
  },
  ApprovalDecided: (data) => {
    const by = listOf(data['decidedBy']).map(textOf).join(', ');
    const summary = `${textOf(data['decision'])} by ${by}: ${textOf(data['comment'])}`;
    return textOf(data['decision']) === 'approved'
      ? [done('approval', summary), running('deployment', 'verifying the artifact')]
      : [failed('approval', summary)];
  },
  ApprovalExpired: () => [failed('approval', 'nobody decided in time')],
  DeploymentStarted: (data) => [
    running('deployment', `${textOf(data['mode'])} endpoint ${textOf(data['endpointName'])}`),
  ],
  TrafficShifted: (data) => {
    const shares = listOf(data['shares'])
      .map(objectOf)
      .map((share) => `v${numberOf(share['modelVersion'])} ${Math.round(numberOf(share['share']) * 100)} %`)
      .join(', ');
    const reason = textOf(data['reason']);
    return reason === 'promotion' || reason === 'rollback'
      ? []
      : [done('deployment', 'in service'), running('canary', `traffic: ${shares}; alarms watch`)];
  },
  DeploymentCompleted: (data) => [
    done('canary', 'no alarm fired'),
    done(
      'promotion',
      `version ${numberOf(data['modelVersion'])} serves all traffic${data['previousVersion'] ? `, before it version ${numberOf(data['previousVersion'])}` : ''}`,
    ),
  ],
  DeploymentRolledBack: (data, { actor }) =>
    data['automatic'] === false
      ? [
          done(
            'rollback',
            `all traffic to version ${numberOf(data['toVersion'])} again, by ${actor}: ${textOf(data['reason'])}`,
          ),
        ]
      : [
          failed(
            'canary',
            `rolled back${data['toVersion'] ? ` to version ${numberOf(data['toVersion'])}` : ''}: ${textOf(data['reason'])}`,
          ),
        ],
  ReleaseRejected: (data) => {
    const step = textOf(data['step']);
    return [
      failed(
        step === 'deployment' ? 'deployment' : 'approval',
        `not released (${step}): ${textOf(data['reason'])}`,
      ),
    ];
  },
};

const versionText = (data: Fact['data']): string =>
  `version ${numberOf(data['modelVersion'])} of ${textOf(data['model'])}`;

/** A model keeps the version of the feature service that it was trained with. */
const featuresOf = (data: Fact['data']): string => {
  const { featureService } = objectOf(data['signature']);
  const { service, version } = objectOf(featureService);
  return service ? `; features of ${textOf(service)} version ${numberOf(version)}` : '';
};

const originOf = (data: Fact['data']): string => {
  if (data['origin'] !== 'client') return '';
  const { verdict, reason } = objectOf(data['content']);
  const bytes = verdict === 'Verified' ? 'bytes recorded' : `not verifiable: ${textOf(reason)}`;
  return ` by ${textOf(data['createdBy'])}; ${bytes}`;
};

const restorationOf = (data: Fact['data']): string =>
  data['restoredFrom']
    ? `, restored from version ${numberOf(data['restoredFrom'])} (${textOf(data['restorationReason'])})`
    : '';

const findingsOf = (data: Fact['data']): string => {
  const findings = listOf(data['findings'])
    .map(objectOf)
    .map(
      (finding) =>
        `${[textOf(finding['column']), textOf(finding['check'])].filter((text) => text !== '').join(' ')}: ${textOf(finding['observed'])}, expected ${textOf(finding['expected'])}`,
    );
  return findings.length === 0
    ? ''
    : ` (${findings.slice(0, 3).join('; ')}${findings.length > 3 ? '; …' : ''})`;
};

/** The steps that a fact ends or begins; none for facts that belong to no story. */
export const stepsOf = (fact: Fact): readonly StepChange[] => readings[fact.name]?.(fact.data, fact) ?? [];
