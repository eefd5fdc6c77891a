import { at, type Law, listOf, referencedId } from './resource.ts';

/** An alarm reaches somebody when it begins and when it ends, and tells what happened and what to do. */
export const alarmsReachPeople: Law = ({ type, properties }) => {
  if (type !== 'AWS::CloudWatch::Alarm') return [];
  const withoutActions = ['AlarmActions', 'OKActions'].filter(
    (name) => listOf(properties[name]).length === 0,
  );
  const sentences = String(properties['AlarmDescription'] ?? '').match(/[.!?](\s|$)/g) ?? [];
  return [
    ...withoutActions.map((name) => `tells nobody: it has no ${name}; make it with stageAlarm.`),
    ...(sentences.length >= 2
      ? []
      : ['does not say what happened and what to do: give it an AlarmDescription of two sentences.']),
    ...(properties['TreatMissingData'] === undefined
      ? ['leaves open what no data means: set TreatMissingData.']
      : []),
  ];
};

/** A queue holds what failed for good, which somebody must hear of where the stage has alarms. */
export const queuesAreWatched: Law = ({ type, logicalId, stackName }, { resources, alarms }) => {
  if (type !== 'AWS::SQS::Queue' || !alarms) return [];
  const isWatched = resources.some(
    (other) =>
      other.stackName === stackName &&
      other.type === 'AWS::CloudWatch::Alarm' &&
      listOf(other.properties['Dimensions']).some(
        (dimension) =>
          at(dimension, 'Name') === 'QueueName' && referencedId(at(dimension, 'Value')) === logicalId,
      ),
  );
  return isWatched ? [] : ['is watched by no alarm: make one on its ApproximateNumberOfMessagesVisible.'];
};
