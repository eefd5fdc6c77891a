// Runs in CloudFront, as cloudfront-js-2.0, before a request goes to the platform API. MLflow's clients up to 3.17 send a file below 500 MB
// in one request unless they are told otherwise; API Gateway and Lambda would refuse it with few words. This answers at once what helps.

/** What goes through Lambda: 6 MB of event, of which base64 takes a quarter. The same as maxBinaryBodyBytes of shared/mlflow/route.ts. */
const maxBytes = 4400000;
const artifact = /^\/(ajax-)?api\/2\.0\/mlflow-artifacts\/artifacts\//;

// biome-ignore lint/correctness/noUnusedVariables: CloudFront calls it by this name.
function handler(event) {
  const request = event.request;
  const length = request.headers['content-length'];
  const bytes = length ? Number(length.value) : 0;
  if (request.method !== 'PUT' || !artifact.test(request.uri)) return request;
  if (!(bytes > maxBytes)) {
    // API Gateway hands bodies of text types over as text, which changes bytes that are no UTF-8; the platform tells types by names.
    request.headers['content-type'] = { value: 'application/octet-stream' };
    return request;
  }
  // Of the statuses that say no, 413 is none that MLflow's clients repeat a request for.
  return {
    statusCode: 413,
    statusDescription: 'Content Too Large',
    headers: {
      'content-type': { value: 'application/json' },
      'cache-control': { value: 'no-store' },
    },
    body: {
      encoding: 'text',
      data: JSON.stringify({
        error_code: 'INVALID_PARAMETER_VALUE',
        message: `The file has ${bytes} bytes; ${maxBytes} fit into one request. Set MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD=true and MLFLOW_MULTIPART_UPLOAD_MINIMUM_FILE_SIZE=1 where the client runs: then files of every size go straight to the storage.`,
      }),
    },
  };
}
