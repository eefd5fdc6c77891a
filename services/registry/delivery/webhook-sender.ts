import { type LookupAddress, type LookupOptions, lookup } from 'node:dns';
import * as http from 'node:http';
import * as https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { type Clock, epochSeconds } from '#shared/kernel/clock.ts';
import type { DeliveryOutcome, WebhookMessage, WebhookSender } from '../ports/webhooks.ts';
import { isPublicAddress } from './public-address.ts';
import { deliveryHeaders } from './signature.ts';

const timeoutMs = 10_000;
/** Of an answer, which is shown to who tests a webhook. */
const maxAnswerBytes = 2000;

class PrivateAddress extends Error {
  constructor(host: string, address: string) {
    super(
      `'${host}' leads to ${address}, which is no address of the public internet. Deliveries go to public hosts alone.`,
    );
  }
}

/**
 * Sends deliveries by HTTPS. Redirects are not followed, and unless `openToPrivate` no connection is made but to public addresses:
 * the address is judged that the connection uses, so that a name that changes meanwhile leads nowhere else.
 */
export function createWebhookSender(clock: Clock, openToPrivate: boolean): WebhookSender {
  return {
    async send(message) {
      try {
        return await post(message, clock, openToPrivate);
      } catch (error) {
        return { kind: 'unreachable', reason: reasonOf(error) };
      }
    },
  };
}

const reasonOf = (error: unknown): string => {
  if (error instanceof PrivateAddress) return error.message;
  const { name, code } = error as { name?: string; code?: string };
  if (name === 'TimeoutError' || name === 'AbortError')
    return `The receiver did not answer within ${timeoutMs / 1000} s.`;
  return `The receiver cannot be reached (${code ?? name ?? 'unknown'}).`;
};

function post(message: WebhookMessage, clock: Clock, openToPrivate: boolean): Promise<DeliveryOutcome> {
  const url = new URL(message.url);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (!openToPrivate && isIP(host) !== 0 && !isPublicAddress(host))
    return Promise.reject(new PrivateAddress(host, host));
  const headers = deliveryHeaders({ ...message, timestampSeconds: epochSeconds(clock.now()) });
  const { request } = url.protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      {
        method: 'POST',
        headers: { ...headers, 'content-length': Buffer.byteLength(message.body), 'user-agent': 'millrace' },
        agent: false,
        signal: AbortSignal.timeout(timeoutMs),
        ...(openToPrivate ? {} : { lookup: publicLookup }),
      },
      (answer) => {
        answerText(answer).then(
          (body) => resolve({ kind: 'answered', status: answer.statusCode ?? 0, body }),
          reject,
        );
      },
    );
    sent.on('error', reject);
    sent.end(message.body);
  });
}

async function answerText(answer: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.byteLength;
    if (bytes >= maxAnswerBytes) break;
  }
  return Buffer.concat(chunks).subarray(0, maxAnswerBytes).toString('utf8');
}

/** Resolves a name, unless one of its addresses is private. */
const publicLookup: LookupFunction = (hostname, options: LookupOptions, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
    if (error) return callback(error, '', 0);
    const hidden = addresses.find(({ address }) => !isPublicAddress(address));
    if (hidden) return callback(new PrivateAddress(hostname, hidden.address), '', 0);
    const [first] = addresses;
    if (options.all) return callback(null, addresses, 0);
    return callback(null, first?.address ?? '', first?.family ?? 0);
  });
};
