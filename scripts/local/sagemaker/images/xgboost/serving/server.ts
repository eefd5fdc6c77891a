import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { outputGroups } from '../model/model.ts';
import type { Predictor } from '../model/predictor.ts';
import type { Rows } from './request-body.ts';
import { parseRows } from './request-body.ts';
import { negotiateAccept, renderBatch, renderCsv, renderJson, renderJsonLines } from './responses.ts';

export interface ServingOptions {
  /** Answers as the image does inside a transform job (`SAGEMAKER_BATCH`). */
  readonly batch: boolean;
  /** Largest request body (`MAX_CONTENT_LENGTH`). */
  readonly maxBodyBytes: number;
  /** Type of answers when the request does not say (`SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT`). */
  readonly defaultAccept: string;
}

interface Answer {
  readonly status: number;
  readonly type?: string;
  readonly body: string;
}

/** The web server of the container contract: `GET /ping`, `GET /execution-parameters`, `POST /invocations`. */
export function createServingServer(predictor: Predictor, options: ServingOptions): Server {
  return createServer({ keepAliveTimeout: 0 }, (request, response) => {
    answer(predictor, options, request)
      .catch((error: unknown): Answer => ({ status: 500, body: String(error) }))
      .then((result) => send(response, result));
  });
}

function send(response: ServerResponse, { status, type, body }: Answer): void {
  response.writeHead(status, {
    'content-type': type ?? 'text/html; charset=utf-8',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}

async function answer(
  predictor: Predictor,
  options: ServingOptions,
  request: IncomingMessage,
): Promise<Answer> {
  const path = (request.url ?? '').split('?')[0];
  if (path === '/ping' && request.method === 'GET') return { status: 200, body: '' };
  if (path === '/execution-parameters' && request.method === 'GET') return executionParameters(options);
  if (path !== '/invocations') return { status: 404, body: 'Not Found' };
  if (request.method !== 'POST') return { status: 405, body: 'Method Not Allowed' };
  const body = await readBody(request, options.maxBodyBytes);
  if (body === undefined)
    return { status: 413, body: `The request is larger than ${options.maxBodyBytes} bytes.` };
  if (body.length === 0) return { status: 204, body: '' };
  return invoke(predictor, options, body, request.headers['content-type'], request.headers.accept);
}

function executionParameters(options: ServingOptions): Answer {
  const parameters = {
    MaxConcurrentTransforms: 1,
    BatchStrategy: 'MULTI_RECORD',
    MaxPayloadInMB: Math.floor(options.maxBodyBytes / 1024 ** 2),
  };
  return { status: 200, type: 'application/json', body: JSON.stringify(parameters) };
}

async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    // Reading on without keeping lets the client finish sending and see the answer.
    if (size <= maxBytes) chunks.push(chunk);
  }
  return size > maxBytes ? undefined : Buffer.concat(chunks);
}

function invoke(
  predictor: Predictor,
  options: ServingOptions,
  body: Buffer,
  contentType: string | undefined,
  acceptHeader: string | undefined,
): Answer {
  const { model } = predictor;
  let rows: Rows;
  try {
    rows = parseRows(body, contentType, model.featureCount);
  } catch (error) {
    return { status: 415, body: messageOf(error) };
  }
  if (rows.columnCount !== model.featureCount)
    return {
      status: 400,
      body: `Unable to evaluate payload provided: the request has ${rows.columnCount} features, the model was trained with ${model.featureCount}. Send the features in training order, without the label.`,
    };
  let accept: string;
  try {
    accept = negotiateAccept(acceptHeader, options.defaultAccept);
  } catch (error) {
    return { status: 406, body: messageOf(error) };
  }
  const values = predictor.predict(rows.values, rows.rowCount);
  const width = model.objective === 'multi:softmax' ? 1 : outputGroups(model);
  const predictions = { values, width };
  if (options.batch) return { status: 200, type: accept, body: renderBatch(predictions) };
  if (accept === 'application/json') return { status: 200, type: accept, body: renderJson(predictions) };
  if (accept === 'application/jsonlines')
    return { status: 200, type: accept, body: renderJsonLines(predictions) };
  return { status: 200, type: 'text/csv; charset=utf-8', body: renderCsv(predictions) };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
