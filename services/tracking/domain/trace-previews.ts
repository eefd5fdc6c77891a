import { jsonOrUndefined } from './spans.ts';

/** Characters of a preview, as MLflow's open-source server keeps them. */
const maxPreviewLength = 1000;

/**
 * What a list shows of a trace's request or response: the text of the last message with the role where it is a chat in one of
 * OpenAI's shapes, else its JSON; cut where it is long.
 */
export function previewOf(value: unknown, role: 'user' | 'assistant'): string | undefined {
  if (value === undefined || value === null) return undefined;
  const whole = typeof value === 'string' ? value : JSON.stringify(value);
  const content = chatText(typeof value === 'string' ? jsonOrUndefined(value) : value, role) || whole;
  return content.length <= maxPreviewLength ? content : `${content.slice(0, maxPreviewLength - 3)}...`;
}

interface Message {
  readonly role: unknown;
  readonly content: unknown;
}

function chatText(value: unknown, role: string): string | undefined {
  const messages = messagesOf(value);
  const message = messages.findLast((one) => one.role === role) ?? messages.at(-1);
  if (typeof message?.content === 'string') return message.content;
  if (!Array.isArray(message?.content)) return undefined;
  for (const part of message.content as unknown[]) {
    if (typeof part === 'string') return part;
    const { type, text } = (part ?? {}) as { type?: unknown; text?: unknown };
    if ((type === 'text' || type === 'output_text') && typeof text === 'string') return text;
  }
  return undefined;
}

/** `messages`, `choices[0].message`, `input` and `output` of OpenAI's APIs; `request` wraps one of them. */
function messagesOf(value: unknown): Message[] {
  if (!isObject(value)) return [];
  const { messages, choices, input, output, request } = value;
  if (Array.isArray(messages) && messages.length > 0) return messages.filter(isMessage);
  if (Array.isArray(choices) && isObject(choices[0]) && isMessage(choices[0]['message'])) {
    return [choices[0]['message']];
  }
  if (Array.isArray(input) && input.length > 0) return input.filter(isMessage);
  if (Array.isArray(output) && output.length > 0) return output.filter(isMessage);
  return isObject(request) && request !== value ? messagesOf(request) : [];
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isMessage = (value: unknown): value is Message =>
  isObject(value) && 'role' in value && 'content' in value;
