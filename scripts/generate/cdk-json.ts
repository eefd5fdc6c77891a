import { cdkJsonSchema } from '../../infra/config.ts';
import { type Artefact, jsonText } from './artefact.ts';

/** The schema of cdk.json for editors. */
export const cdkJson = (): Artefact => ({
  path: 'docs/reference/cdk.schema.json',
  content: jsonText(cdkJsonSchema()),
});
