import type { KnownDifferences } from '../../wire/suite.ts';

const developerGuide = 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide';
const apiReference = 'https://docs.aws.amazon.com/amazondynamodb/latest/APIReference';
const updateExpressions = `${developerGuide}/Expressions.UpdateExpressions.html`;

export const dynamoDbLocalDifferences: KnownDifferences = {
  'is undone by an error that only the last item shows': {
    does: 'answers ValidationException without CancellationReasons; nothing is written, as in AWS',
    source: `${apiReference}/API_TransactWriteItems.html`,
  },
};

export const ministackDifferences: KnownDifferences = {
  'refuses SET aText = aText + :one, and changes nothing': {
    does: 'leaves the text as it is and answers success',
    source: updateExpressions,
  },
  'refuses SET amount = :one SET aText = :s, and changes nothing': {
    does: 'takes two SET clauses',
    source: updateExpressions,
  },
  'refuses SET aMap = :s, aMap.aPart = :s, and changes nothing': {
    does: 'takes paths that overlap',
    source: updateExpressions,
  },
  'refuses SET, and changes nothing': { does: 'takes a clause without actions', source: updateExpressions },
  'refuses SET aText = :s, aList = nothing(:one), and changes nothing': {
    does: 'takes a function that does not exist',
    source: updateExpressions,
  },
  'refuses an item without its sort key, and writes nothing': {
    does: 'writes such an item inside a transaction',
    source: `${apiReference}/API_Put.html`,
  },
  'refuses an item of two actions': {
    does: 'carries out one of the actions',
    source: `${apiReference}/API_TransactWriteItem.html`,
  },
  'refuses a filter on a key attribute': {
    does: 'filters by it',
    source: `${developerGuide}/Query.FilterExpression.html`,
  },
  'refuses to enable time to live twice': {
    does: 'answers success',
    source: `${apiReference}/API_UpdateTimeToLive.html`,
  },
};
