import { type App, Aspects, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';

/** What cdk-nag (AwsSolutions) has against an app, as `<construct path>: <finding>`. */
export function nagFindings(app: App): string[] {
  Aspects.of(app).add(new AwsSolutionsChecks());
  app.synth();
  const findings = Match.stringLikeRegexp('AwsSolutions-|CdkNagValidationFailure');
  return app.node.children.filter(Stack.isStack).flatMap((stack) => {
    const annotations = Annotations.fromStack(stack);
    return [...annotations.findError('*', findings), ...annotations.findWarning('*', findings)].map(
      ({ id, entry }) => `${id}: ${String(entry.data)}`,
    );
  });
}
