import type { KnownDifferences } from '../../wire/suite.ts';

const guide = 'https://docs.aws.amazon.com/step-functions/latest/dg';
const apiReference = 'https://docs.aws.amazon.com/step-functions/latest/apireference';

const historyIsShort = {
  does: 'leaves out events: TaskStarted, TaskSubmitted, those of branches and iterations, EvaluationFailed',
  source: `${apiReference}/API_HistoryEvent.html`,
};
const oneErrorName = {
  does: 'names every error of a function Runtime.HandlerError',
  source: `${guide}/concepts-error-handling.html`,
};
const unknownToken = {
  does: 'answers TaskDoesNotExist for every token that it does not wait for',
  source: `${apiReference}/API_SendTaskSuccess.html`,
};
const acceptsDefinition = {
  does: 'finds nothing wrong',
  source: `${apiReference}/API_ValidateStateMachineDefinition.html`,
};

export const ministackDifferences: KnownDifferences = {
  'gives the result of the integration, and keeps a part of it': {
    does: 'gives no ExecutedVersion',
    source: `${guide}/connect-lambda.html`,
  },
  'takes the default where no choice holds, with the Output of the state': {
    does: 'ignores Output of a Choice state',
    source: `${guide}/state-choice.html`,
  },
  'evaluates the Output of a Succeed state': {
    does: 'ignores it',
    source: `${guide}/state-succeed.html`,
  },
  'runs branches with the variables around them, and gives their outputs in order': {
    does: 'finds no value for an expression of a variable and the Arguments of the Parallel state',
    source: `${guide}/workflow-variables.html`,
  },
  'stops the other branches when one fails': {
    does: 'waits for the other branches',
    source: `${guide}/state-parallel.html`,
  },
  'writes the events of a task into the history': historyIsShort,
  'writes the events of branches and iterations into the history': historyIsShort,
  'writes the events of a task that waits into the history': historyIsShort,
  'records an expression that fails': historyIsShort,
  'fails with the name of the class that a function threw': oneErrorName,
  'catches an error by the name of its class': oneErrorName,
  'retries the errors that a retrier names, and then catches': oneErrorName,
  'fails a task that is slower than its computed timeout': {
    does: 'fails with States.Runtime where the timeout is an expression',
    source: `${guide}/state-task.html`,
  },
  'ends an execution that is slower than the machine may be': {
    does: 'ignores TimeoutSeconds of the machine',
    source: `${guide}/statemachine-structure.html`,
  },
  'fails a result beyond 256 KB, which States.ALL does not catch': {
    does: 'knows no limit',
    source: `${guide}/service-quotas.html`,
  },
  'refuses a second answer': unknownToken,
  'refuses a token that it never gave': unknownToken,
  'refuses the answer that comes too late': unknownToken,
  'refuses an output that is no JSON': {
    does: 'takes any text',
    source: `${apiReference}/API_SendTaskSuccess.html`,
  },
  'lives as long as heartbeats come, and then fails with States.HeartbeatTimeout': {
    does: 'ignores HeartbeatSeconds',
    source: `${guide}/state-task.html`,
  },
  'starts an execution once per name and input while it runs': {
    does: 'answers ExecutionAlreadyExists',
    source: `${apiReference}/API_StartExecution.html`,
  },
  'refuses an input that is no JSON': {
    does: 'takes any text',
    source: `${apiReference}/API_StartExecution.html`,
  },
  'refuses a name with a space': { does: 'takes it', source: `${apiReference}/API_StartExecution.html` },
  'redrives a failed execution from the state that failed': {
    does: 'does not know the operation',
    source: `${apiReference}/API_RedriveExecution.html`,
  },
  ...Object.fromEntries(
    [
      'no states',
      'a dangling Next',
      'a start that is none of the states',
      'a type that does not exist',
      'a state without a next one or an end',
      'a state that nothing leads to',
      'an expression that cannot be parsed',
      'a wait without a time',
      'a choice without choices',
      'a catcher that leads nowhere',
      'a field of JSONPath in a JSONata state',
    ].map((what) => [`refuses a definition with ${what}`, acceptsDefinition]),
  ),
};
