import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { answerPage } from '../domain/page.ts';
import page from '../web/index.html';

/** Serves the console's page and its files. */
export const handler = async (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> => {
  const asset = event.pathParameters?.['asset'];
  const ifNoneMatch = event.headers['if-none-match'];
  const answer = answerPage(page, {
    method: event.requestContext.http.method,
    path: event.rawPath,
    ...(asset === undefined ? {} : { asset }),
    ...(ifNoneMatch === undefined ? {} : { ifNoneMatch }),
  });
  return { ...answer, headers: { ...answer.headers } };
};
