import type { TemplateResource } from '../laws/resource.ts';

/** Their names count within an API, a role or a function only, which have names of their own. */
const namedWithinAnother: ReadonlySet<string> = new Set([
  'AWS::ApiGateway::Stage',
  'AWS::ApiGatewayV2::Stage',
  'AWS::IAM::Policy',
  'AWS::Lambda::Alias',
]);

/** Names that AWS gives: what an alarm looks at. */
const namesOfAws: ReadonlySet<string> = new Set(['MetricName']);

/**
 * Every name that a template gives, as `<type> <property> <name>`: functions, tables, buckets, log groups, alarms, schedules …
 * Two stages that give the same one cannot stand in one account and region.
 */
export function physicalNames(resources: readonly TemplateResource[]): string[] {
  return resources
    .filter(({ type }) => !namedWithinAnother.has(type))
    .flatMap(({ type, properties }) =>
      Object.entries(properties)
        .filter(
          ([property, value]) =>
            property.endsWith('Name') && !namesOfAws.has(property) && !isMadeByCloudFormation(value),
        )
        .map(([property, value]) => `${type} ${property} ${JSON.stringify(value)}`),
    );
}

/** A reference to another resource, whose name is its own; account, region and the like are the same in all stages. */
const isMadeByCloudFormation = (value: unknown): boolean =>
  /"Ref":"(?!AWS::)|"Fn::(GetAtt|ImportValue)"/.test(JSON.stringify(value));
