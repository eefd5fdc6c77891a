import { sufficientRoles } from '#shared/contracts/endpoint.ts';
import { addressesOf, type MlflowRoute } from '#shared/mlflow/route.ts';
import { type Artefact, generatedNote, markdownTable } from './artefact.ts';
import { allMlflowRoutes } from './endpoints.ts';

/** Who may call, in words. */
function callersText({ role }: MlflowRoute): string {
  if (role === 'public') return 'anybody';
  if (role === 'authenticated') return 'anybody with a token';
  return sufficientRoles[role].join(', ');
}

/** Addresses below `/api`; the same are below `/ajax-api`. */
const clientAddresses = (route: MlflowRoute): string[] =>
  addressesOf(route).filter((address) => !address.startsWith('/ajax-api/'));

/** The operations of MLflow's API that the platform answers, as a table for each service. */
export async function mlflowTable(): Promise<Artefact> {
  const routes = await allMlflowRoutes();
  const services = [...new Set(routes.map(({ service }) => service))].sort();
  const tables = services.map((service) => {
    const rows = routes
      .filter((route) => route.service === service)
      .map((route) => [
        clientAddresses(route)
          .map((address) => `\`${route.method} ${address}\``)
          .join(', '),
        route.name.replace(/^\w+Service\./, ''),
        callersText(route),
        `${route.maxBodyBytes.toLocaleString('en')} bytes`,
      ]);
    return `## Answered by ${service}\n\n${markdownTable(['request', 'operation', 'who may', 'most in a body'], rows)}`;
  });
  return {
    path: 'docs/reference/mlflow.md',
    content: `# MLflow's REST API

${generatedNote}

The ${routes.length} operations that MLflow's clients and its web page may ask for. Paths below \`/api\` are also below \`/ajax-api\`; where the stage has
[\`iamGrants\`](../guide/stages.md#signing-with-keys-of-aws), all are also below \`/iam\`, for requests that are signed with keys of AWS. Messages are those of MLflow: fields that
an operation does not know are dropped. Errors are \`{ "error_code", "message" }\`; what is not in this list is \`ENDPOINT_NOT_FOUND\`.

A role counts in the project that the experiment, run or model belongs to. What a caller may not see is \`RESOURCE_DOES_NOT_EXIST\` and in no search; what they may see and
not do is \`PERMISSION_DENIED\`. [Every route is tried](../../test/integration/mlflow-access.test.ts) by every kind of caller.

${tables.join('\n\n')}
`,
  };
}
