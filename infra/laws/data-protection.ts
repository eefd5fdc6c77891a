import { at, type Law, type TemplateResource } from './resource.ts';

/** Types that hold what nobody can make again: data, events, messages that wait for people, and logs. */
const holdsData: ReadonlySet<string> = new Set([
  'AWS::DynamoDB::Table',
  'AWS::Events::Archive',
  'AWS::Events::EventBus',
  'AWS::Logs::LogGroup',
  'AWS::S3::Bucket',
  'AWS::SQS::Queue',
]);

/** Where the stage protects its data, nothing of it goes with a stack, a replacement or a mistake. */
export const dataProtection: Law = (resource, { removalProtection }) => {
  if (!removalProtection || !holdsData.has(resource.type)) return [];
  const gone = [
    ['DeletionPolicy', resource.deletionPolicy],
    ['UpdateReplacePolicy', resource.updateReplacePolicy],
  ].filter(([, policy]) => !policy?.startsWith('Retain'));
  return [
    ...gone.map(([name, policy]) => `holds data and has the ${name} ${policy}: set its removal policy.`),
    ...ownProtection(resource),
  ];
};

/** What the type offers beyond CloudFormation's policies. */
function ownProtection({ type, properties }: TemplateResource): string[] {
  switch (type) {
    case 'AWS::DynamoDB::Table':
      return [
        ...(properties['DeletionProtectionEnabled'] === true
          ? []
          : ['can be deleted by a call: set DeletionProtectionEnabled.']),
        ...(at(properties, 'PointInTimeRecoverySpecification', 'PointInTimeRecoveryEnabled') === true
          ? []
          : ['cannot be taken back to a point in time: set PointInTimeRecoverySpecification.']),
      ];
    case 'AWS::S3::Bucket':
      return at(properties, 'VersioningConfiguration', 'Status') === 'Enabled'
        ? []
        : ['loses objects that are overwritten or deleted: set VersioningConfiguration.'];
    default:
      return [];
  }
}
