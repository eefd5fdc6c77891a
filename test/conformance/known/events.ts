import type { KnownDifferences } from '../../wire/suite.ts';

const userGuide = 'https://docs.aws.amazon.com/eventbridge/latest/userguide';
const apiReference = 'https://docs.aws.amazon.com/eventbridge/latest/APIReference';

const anyNumber: KnownDifferences = {
  'refuses a number beyond the range': {
    does: 'takes numbers beyond ±5 billion, the limit of EventBridge',
    source: `${userGuide}/eb-create-pattern-operators.html`,
  },
};
const validatesNothing = {
  does: 'takes entries without source or detail type and with a detail that is no JSON',
  source: `${apiReference}/API_PutEvents.html`,
};

export const eventRulerDifferences = anyNumber;
export const ministackPatternDifferences = anyNumber;

export const ministackDeliveryDifferences: KnownDifferences = {
  'delivers an event in its envelope': {
    does: 'ignores the time of the entry',
    source: `${apiReference}/API_PutEventsRequestEntry.html`,
  },
  'answers for each entry what is wrong with it': validatesNothing,
  'delivers the entries that are right beside those that are wrong': validatesNothing,
  'refuses more than ten entries and none': {
    does: 'takes any number',
    source: `${apiReference}/API_PutEvents.html`,
  },
  'takes an entry of more than 256 KB, and refuses more than a megabyte': {
    does: 'takes entries of any size',
    source: `${userGuide}/eb-putevents.html`,
  },
  'refuses patterns and schedules that are wrong': {
    does: 'takes rate(1 days)',
    source: `${userGuide}/eb-scheduled-rule-pattern.html`,
  },
};
