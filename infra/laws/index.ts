import { alarmsReachPeople, queuesAreWatched } from './alarms.ts';
import { dataProtection } from './data-protection.ts';
import { deadLetters } from './dead-letters.ts';
import { nothingPaidWhileIdle } from './idle-cost.ts';
import { apisCallAliases } from './live-aliases.ts';
import { arm64Functions, costTags, encryption, logRetention, timeLimits } from './operations.ts';
import { leastPrivilege, namedPrincipals, noManagedPolicies } from './permissions.ts';
import type { Law, StageTemplates } from './resource.ts';

const laws: readonly Law[] = [
  deadLetters,
  leastPrivilege,
  noManagedPolicies,
  namedPrincipals,
  nothingPaidWhileIdle,
  logRetention,
  timeLimits,
  arm64Functions,
  encryption,
  costTags,
  alarmsReachPeople,
  queuesAreWatched,
  dataProtection,
  apisCallAliases,
];

/** Every breach of a law in the templates of a stage, as `<stack>/<logical id> (<type>) <what is wrong and the cure>`. */
export function lawViolations(templates: StageTemplates): string[] {
  return templates.resources.flatMap((resource) =>
    laws
      .flatMap((law) => law(resource, templates))
      .map((violation) => `${resource.stackName}/${resource.logicalId} (${resource.type}) ${violation}`),
  );
}
