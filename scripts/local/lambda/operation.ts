import { AwsError, type AwsRequest } from '../emulated-service.ts';

/** A call of the Lambda API that is imitated. */
export type Operation =
  | {
      readonly name:
        | 'Invoke'
        | 'GetFunction'
        | 'GetFunctionConfiguration'
        | 'ListAliases'
        | 'ListVersionsByFunction';
      readonly functionName: string;
    }
  | { readonly name: 'GetAlias' | 'UpdateAlias'; readonly functionName: string; readonly alias: string }
  | { readonly name: 'ListFunctions' | 'ListEventSourceMappings' };

/**
 * Tells the operation from method and path (REST-JSON API of 2015-03-31).
 * @throws AwsError NotImplemented (501) naming method and path
 */
export function readOperation(request: AwsRequest): Operation {
  const route = `${request.method} ${request.rawPath.replace(/\/$/, '')}`;
  const ofFunction = /^(GET|PUT) \/2015-03-31\/functions\/([^/]+)\/(aliases|versions)(?:\/([^/]+))?$/.exec(
    route,
  );
  if (ofFunction !== null) {
    const [, method, encodedName = '', collection, alias] = ofFunction;
    const functionName = decodeURIComponent(encodedName);
    if (collection === 'aliases' && alias !== undefined) {
      return { name: method === 'GET' ? 'GetAlias' : 'UpdateAlias', functionName, alias };
    }
    if (method === 'GET' && alias === undefined) {
      return { name: collection === 'aliases' ? 'ListAliases' : 'ListVersionsByFunction', functionName };
    }
  }
  const invoke = /^POST \/2015-03-31\/functions\/([^/]+)\/invocations$/.exec(route);
  if (invoke !== null) return { name: 'Invoke', functionName: decodeURIComponent(invoke[1] ?? '') };
  const get = /^GET \/2015-03-31\/functions\/([^/]+)(\/configuration)?$/.exec(route);
  if (get !== null) {
    const functionName = decodeURIComponent(get[1] ?? '');
    return { name: get[2] === undefined ? 'GetFunction' : 'GetFunctionConfiguration', functionName };
  }
  if (route === 'GET /2015-03-31/functions') return { name: 'ListFunctions' };
  if (route === 'GET /2015-03-31/event-source-mappings') return { name: 'ListEventSourceMappings' };
  throw new AwsError('NotImplemented', `The laptop runtime does not imitate Lambda's ${route}.`, 501);
}
