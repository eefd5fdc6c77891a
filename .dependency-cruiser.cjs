/** Who may import whom: docs/architecture.md, section 2. */
const no = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });
module.exports = {
  forbidden: [
    no('no-cycles', 'Data flows one way.', {}, { circular: true }),
    no(
      'kernel-is-pure',
      'shared/kernel imports nothing of ours and no SDK.',
      { path: '^shared/kernel', pathNot: '\\.test\\.ts$' },
      { pathNot: '^shared/kernel|^node:|^node_modules/(zod|ulid|yaml)', dependencyTypesNot: ['core'] },
    ),
    no(
      'shared-knows-no-service',
      'shared imports shared only.',
      { path: '^shared' },
      { path: '^(services|infra|scripts|events)' },
    ),
    no(
      'events-are-contracts',
      'events import kernel, contracts and zod.',
      { path: '^events', pathNot: '\\.test\\.ts$' },
      { pathNot: '^events|^shared/(kernel|contracts)|^node_modules/zod', dependencyTypesNot: ['core'] },
    ),
    no(
      'domain-is-pure',
      'domain imports itself, shared/kernel, statistics, expressions and the parts of contracts.',
      { path: '^services/([^/]+)/domain', pathNot: '\\.test\\.ts$' },
      {
        pathNot:
          '^services/$1/(domain|contract/)|^shared/(kernel|statistics|expressions)|^shared/contracts/parts|^services/[^/]+/contract\\.ts$|^node_modules/zod',
      },
    ),
    no(
      'use-cases-know-no-sdk',
      'use-cases import domain, ports, events, kernel, contracts and the rules of MLflow that services share.',
      { path: '^services/([^/]+)/use-cases', pathNot: '\\.test\\.ts$' },
      {
        pathNot:
          '^services/$1/(domain|use-cases|ports|contract\\.ts)|^events|^shared/(kernel|contracts|expressions)|^shared/mlflow/(access|mlmodel|ownership|search)|^services/[^/]+/contract\\.ts$|^node_modules/zod',
        dependencyTypesNot: ['core'],
      },
    ),
    no(
      'services-meet-at-contracts',
      'A service imports another only through contract.ts.',
      { path: '^services/([^/]+)/' },
      { path: '^services/(?!$1/)[^/]+/(?!((mlflow|reading)/)?contract\\.ts$)' },
    ),
    no(
      'services-know-no-outside',
      'services import neither infra nor scripts.',
      { path: '^services' },
      { path: '^(infra|scripts)' },
    ),
    no(
      'infra-sees-contracts',
      'infra imports env.ts and contract.ts of services; handlers by path only.',
      { path: '^infra' },
      { path: '^(services/(?!([^/]+/(env|contract)\\.ts$))|scripts)' },
    ),
    no(
      'local-sees-templates',
      'scripts/local knows neither infra nor services.',
      { path: '^scripts/local' },
      { path: '^(infra|services)' },
    ),
    no(
      'cost-sees-templates',
      'scripts/cost reads templates and contracts, not infra and the insides of services; its tests may synthesize.',
      { path: '^scripts/cost', pathNot: '\\.test\\.ts$' },
      { path: '^(infra|services/(?!([^/]+/contract\\.ts$)))' },
    ),
    no(
      'cli-speaks-http',
      'scripts/cli and the web page import contracts only.',
      { path: '^(scripts/cli|services/console/web)' },
      { path: '^(infra|scripts/local|services/(?!console/web)(?!([^/]+/(mlflow/)?contract\\.ts$)))' },
    ),
    no(
      'nobody-imports-test',
      'Nothing imports test but tests.',
      { pathNot: '^test|\\.test\\.ts$' },
      { path: '^test/' },
    ),
    no(
      'no-unlisted',
      'Every package is listed in package.json.',
      {},
      { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    ),
    no('no-unresolvable', 'Every import resolves.', {}, { couldNotResolve: true, pathNot: '^(aws-lambda)$' }),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: 'cdk\\.out|\\.cache' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'],
    },
  },
};
