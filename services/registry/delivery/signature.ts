import { createHmac } from 'node:crypto';

/** What a delivery says of itself; names and forms are those of MLflow's webhooks (mlflow/webhooks/constants.py). */
export function deliveryHeaders(delivery: {
  readonly deliveryId: string;
  readonly timestampSeconds: number;
  readonly body: string;
  readonly secret: string | undefined;
}): Record<string, string> {
  const { deliveryId, timestampSeconds, body, secret } = delivery;
  const signed = `${deliveryId}.${timestampSeconds}.${body}`;
  return {
    'content-type': 'application/json',
    'x-mlflow-delivery-id': deliveryId,
    'x-mlflow-timestamp': String(timestampSeconds),
    ...(secret
      ? { 'x-mlflow-signature': `v1,${createHmac('sha256', secret).update(signed).digest('base64')}` }
      : {}),
  };
}
