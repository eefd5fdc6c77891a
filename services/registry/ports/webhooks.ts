/** A subscription of somebody's server to what happens in the registry. Its secret is kept apart. */
export interface Webhook {
  readonly webhookId: string;
  readonly name: string;
  readonly description?: string;
  readonly url: string;
  /** `<entity>.<action>`, e.g. `model_version.created`. */
  readonly events: readonly string[];
  readonly status: 'ACTIVE' | 'DISABLED';
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface WebhookStore {
  read(webhookId: string): Promise<Webhook | undefined>;
  /** All of them, as they are now. */
  list(): Promise<readonly Webhook[]>;
  /** `secret`: undefined keeps the one there is, an empty text takes it away. */
  save(webhook: Webhook, secret: string | undefined): Promise<void>;
  delete(webhookId: string): Promise<void>;
  /** What deliveries are signed with. */
  readSecret(webhookId: string): Promise<string | undefined>;
}

/** Which deliveries were taken, so that a fact that comes again is not delivered again. */
export interface DeliveryLog {
  isDelivered(deliveryId: string): Promise<boolean>;
  markDelivered(deliveryId: string): Promise<void>;
}

/** What a receiver answered, or why none did. */
export type DeliveryOutcome =
  | { readonly kind: 'answered'; readonly status: number; readonly body: string }
  | { readonly kind: 'unreachable'; readonly reason: string };

export interface WebhookMessage {
  readonly url: string;
  readonly deliveryId: string;
  readonly body: string;
  readonly secret: string | undefined;
}

/** Sends a message, signed, once. */
export interface WebhookSender {
  send(message: WebhookMessage): Promise<DeliveryOutcome>;
}
