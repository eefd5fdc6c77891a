import { Duration } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';
import { keptWhereProtected } from '../constructs/removal.ts';
import type { PlatformNames } from '../platform.ts';
import { PlatformStack } from './platform-stack.ts';

/** The bus that all facts of the platform go over, and an archive from which a month of them can be replayed. */
export class BusStack extends PlatformStack {
  constructor(scope: Construct, names: PlatformNames) {
    super(scope, names, 'bus', 'the event bus');
    const bus = new EventBus(this, 'Bus', {
      eventBusName: names.busName,
      description: `Facts of Millrace ${names.stage}`,
    });
    const archive = bus.archive('Archive', {
      archiveName: names.busName,
      description: 'For replay after a consumer was mended',
      eventPattern: { source: [{ prefix: 'millrace.' }] as unknown as string[] },
      retention: Duration.days(30),
    });
    for (const kept of [bus, archive]) kept.applyRemovalPolicy(keptWhereProtected(names.config));
  }
}
