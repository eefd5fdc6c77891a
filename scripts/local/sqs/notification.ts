/** A message attribute of SNS. */
export interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  readonly BinaryValue?: string;
}

/** A published message. */
export interface Notification {
  readonly messageId: string;
  readonly topicArn: string;
  readonly subject?: string;
  readonly message: string;
  readonly attributes: Readonly<Record<string, MessageAttribute>>;
  readonly timeMs: number;
}

/**
 * The JSON that subscribed queues and functions get. Signature and URLs have the form of AWS, but there is nobody to sign and nothing
 * behind the URLs.
 */
export function envelopeOf(
  notification: Notification,
  certificateMember: 'SigningCertURL' | 'SigningCertUrl',
) {
  const { messageId, topicArn, subject, message, attributes, timeMs } = notification;
  const unsubscribeMember = certificateMember === 'SigningCertURL' ? 'UnsubscribeURL' : 'UnsubscribeUrl';
  const region = topicArn.split(':')[3] ?? '';
  const described = Object.entries(attributes).map(
    ([name, one]) => [name, { Type: one.DataType, Value: one.StringValue ?? one.BinaryValue ?? '' }] as const,
  );
  return {
    Type: 'Notification',
    MessageId: messageId,
    TopicArn: topicArn,
    ...(subject === undefined ? {} : { Subject: subject }),
    Message: message,
    Timestamp: new Date(timeMs).toISOString(),
    SignatureVersion: '1',
    Signature: 'LOCAL',
    [certificateMember]: `https://sns.${region}.amazonaws.com/SimpleNotificationService.pem`,
    [unsubscribeMember]: `https://sns.${region}.amazonaws.com/?Action=Unsubscribe`,
    ...(described.length === 0 ? {} : { MessageAttributes: Object.fromEntries(described) }),
  };
}

/** Reads `MessageAttributes.entry.<n>.Name` and `.Value.*` of the Query protocol. */
export function readMessageAttributes(form: URLSearchParams): Record<string, MessageAttribute> {
  const attributes: Record<string, MessageAttribute> = {};
  for (let position = 1; form.has(`MessageAttributes.entry.${position}.Name`); position++) {
    const prefix = `MessageAttributes.entry.${position}`;
    const stringValue = form.get(`${prefix}.Value.StringValue`);
    const binaryValue = form.get(`${prefix}.Value.BinaryValue`);
    attributes[form.get(`${prefix}.Name`) ?? ''] = {
      DataType: form.get(`${prefix}.Value.DataType`) ?? 'String',
      ...(stringValue === null ? {} : { StringValue: stringValue }),
      ...(binaryValue === null ? {} : { BinaryValue: binaryValue }),
    };
  }
  return attributes;
}
