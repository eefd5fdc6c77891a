import type { KnownDifferences } from '../../wire/suite.ts';

const apiReference = 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference';

const deletesOnce = {
  does: 'refuses the handle of a message that is deleted already',
  source: `${apiReference}/API_DeleteMessage.html`,
};

export const elasticmqDifferences: KnownDifferences = {
  'forgets a message that is deleted, and takes the same deletion again': deletesOnce,
  'gives only the attributes that are asked for': {
    does: 'knows no name that ends with .*',
    source: `${apiReference}/API_ReceiveMessage.html`,
  },
  'gives a queue the attributes of the request, and defaults': {
    does: 'keeps messages for good and has no MessageRetentionPeriod',
    source: `${apiReference}/API_CreateQueue.html`,
  },
  'refuses an attribute beyond its range': {
    does: 'takes any visibility timeout',
    source: `${apiReference}/API_CreateQueue.html`,
  },
  'refuses a batch that is empty, too long or has an id twice': {
    does: 'takes an empty batch',
    source: `${apiReference}/API_SendMessageBatch.html`,
  },
  'refuses a body of more than a megabyte, and characters that are none of XML': {
    does: 'answers InvalidAttributeValue, with InvalidMessageContents in the message',
    source: `${apiReference}/API_SendMessage.html`,
  },
};

export const ministackDifferences: KnownDifferences = {
  'forgets a message that is deleted, and takes the same deletion again': deletesOnce,
  'lists the sources of a dead-letter queue': {
    does: 'does not know the operation',
    source: `${apiReference}/API_ListDeadLetterSourceQueues.html`,
  },
  'refuses to receive more than ten messages and to wait longer than 20 seconds': {
    does: 'takes any number',
    source: `${apiReference}/API_ReceiveMessage.html`,
  },
};
