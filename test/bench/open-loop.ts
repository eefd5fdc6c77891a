import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Load {
  readonly url: string;
  readonly ratePerSecond: number;
  readonly seconds: number;
  /** JSON body of the nth request. */
  readonly body: (n: number) => string;
}

/**
 * Posts at a steady rate, whether answers come or not, over kept-alive connections. A latency counts from the moment at which its
 * request was due, so a stall costs all requests that fell into it (no coordinated omission). Returns milliseconds, one per request;
 * rejects with the first answer other than 200.
 */
export async function postAtRate({ url, ratePerSecond, seconds, body }: Load): Promise<number[]> {
  const agent = new http.Agent({ keepAlive: true });
  const startMs = performance.now();
  const answers: Promise<number>[] = [];
  for (let n = 0; n < ratePerSecond * seconds; n += 1) {
    const dueMs = startMs + (n * 1000) / ratePerSecond;
    const aheadMs = dueMs - performance.now();
    if (aheadMs > 0) await sleep(aheadMs);
    const answer = post(agent, url, body(n)).then(() => performance.now() - dueMs);
    answer.catch(() => undefined);
    answers.push(answer);
  }
  try {
    return await Promise.all(answers);
  } finally {
    agent.destroy();
  }
}

function post(agent: http.Agent, url: string, body: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const request = http.request(url, { method: 'POST', agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        if (response.statusCode === 200) resolve();
        else reject(new Error(`${url} answered ${response.statusCode}: ${Buffer.concat(chunks)}`));
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}
