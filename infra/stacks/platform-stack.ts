import {
  DefaultStackSynthesizer,
  type IStackSynthesizer,
  PermissionsBoundary,
  Stack,
  Tags,
} from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { resourcePrefix } from '#shared/kernel/names.ts';
import { localStage } from '../config.ts';
import type { PlatformNames } from '../platform.ts';

/** Any stack of a stage: named `Millrace-<stage>-<part>`, in the stage's account and region, with its cost tags. */
export abstract class PlatformStack extends Stack {
  readonly #prefix: string;

  constructor(scope: Construct, names: PlatformNames, part: string, description: string) {
    const { permissionsBoundaryArn } = names.config;
    super(scope, `Millrace-${names.stage}-${part}`, {
      description: `Millrace ${names.stage}: ${description}`,
      env: names.environment,
      synthesizer: synthesizerOf(names.stage),
      ...(permissionsBoundaryArn
        ? { permissionsBoundary: PermissionsBoundary.fromArn(permissionsBoundaryArn) }
        : {}),
    });
    this.#prefix = resourcePrefix(names.stage);
    Tags.of(this).add('millrace:stage', names.stage);
    Tags.of(this).add('millrace:service', part);
  }

  /** `millrace-<stage>-<name>`. */
  protected named(name: string): string {
    return `${this.#prefix}-${name}`;
  }
}

/** The laptop runtime has no bootstrap stack whose version a template could ask for. */
function synthesizerOf(stage: string): IStackSynthesizer {
  const synthesizer = new DefaultStackSynthesizer({ generateBootstrapVersionRule: stage !== localStage });
  return synthesizer as IStackSynthesizer;
}
