import { lintSource } from '@secretlint/core';
import { creator as recommended } from '@secretlint/secretlint-rule-preset-recommend';
import type { SecretLintRuleCreator } from '@secretlint/types';

/** The platform's own tokens: nobody else's scanner knows them. */
const platformToken: SecretLintRuleCreator = {
  messages: { found: { en: () => 'found a token of Millrace' } },
  meta: { id: 'millrace-token', type: 'scanner', recommended: true, supportedContentTypes: ['text'] },
  create: (context) => {
    const say = context.createTranslator(platformToken.messages);
    return {
      file({ content }) {
        for (const { index, 0: token } of content.matchAll(/mlr_[0-9A-Za-z]{1,40}_[0-9A-Za-z]{43}/g))
          context.report({ message: say('found'), range: [index, index + token.length] });
      },
    };
  },
};

const config = {
  rules: [
    // Ids of accounts and access keys let nobody in: the examples of tests are full of them.
    { id: '@secretlint/secretlint-rule-preset-recommend', rule: recommended },
    { id: 'millrace-token', rule: platformToken },
  ],
};

/** Secrets in a text, each as `<name>:<line> <rule>`, never what they are. */
export async function secretsIn(name: string, content: string): Promise<string[]> {
  const { messages } = await lintSource({
    source: { filePath: name, content, contentType: 'text' },
    options: { config, maskSecrets: true },
  });
  return messages.map(({ loc, ruleId, messageId }) => `${name}:${loc.start.line} ${ruleId} ${messageId}`);
}
