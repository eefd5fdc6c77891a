/** A file of the page, under a name that changes with its content. */
export interface BuiltAsset {
  readonly contentType: string;
  readonly body: string;
}

/** A page that is ready to be served. */
export interface BuiltPage {
  readonly html: string;
  /** SHA-256 of the document. */
  readonly sha256: string;
  /** By file name, as the document refers to them. */
  readonly assets: Readonly<Record<string, BuiltAsset>>;
}

export interface PageRequest {
  readonly method: string;
  readonly path: string;
  /** The file asked for; absent for the page itself. */
  readonly asset?: string;
  readonly ifNoneMatch?: string;
}

export interface PageAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Nothing from elsewhere is loaded, framed or run. Pictures among artifacts are fetched and shown as blobs. */
const safetyHeaders = {
  'content-security-policy':
    "default-src 'self'; img-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  // Browsers heed it over HTTPS only: the laptop's plain HTTP goes on.
  'strict-transport-security': 'max-age=31536000',
};

/**
 * Answers for the page: the document is asked for again every time and costs nothing while it is the same (ETag); files are
 * kept for a year, because another content has another name. Whatever else is asked for is not there (404).
 */
export function answerPage(page: BuiltPage, request: PageRequest): PageAnswer {
  if (request.method !== 'GET') return notFound(request);
  if (request.asset === undefined) {
    return request.path === '/'
      ? content(request, page.sha256, 'no-cache', {
          contentType: 'text/html; charset=utf-8',
          body: page.html,
        })
      : notFound(request);
  }
  const asset = Object.hasOwn(page.assets, request.asset) ? page.assets[request.asset] : undefined;
  return asset
    ? content(request, request.asset, 'public, max-age=31536000, immutable', asset)
    : notFound(request);
}

function content(request: PageRequest, tag: string, cacheControl: string, asset: BuiltAsset): PageAnswer {
  const etag = `"${tag}"`;
  const headers = { ...safetyHeaders, 'cache-control': cacheControl, etag };
  const known = request.ifNoneMatch?.split(',').some((one) => one.trim().replace(/^W\//, '') === etag);
  if (known) return { statusCode: 304, headers, body: '' };
  return { statusCode: 200, headers: { ...headers, 'content-type': asset.contentType }, body: asset.body };
}

function notFound({ method, path }: PageRequest): PageAnswer {
  return {
    statusCode: 404,
    headers: { ...safetyHeaders, 'cache-control': 'no-store', 'content-type': 'text/plain; charset=utf-8' },
    body: `There is no ${method} ${path} here. The console is at /.`,
  };
}
