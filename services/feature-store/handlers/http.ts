import { httpHandler } from '#shared/lambda/http.ts';

export const handler = httpHandler([]);
