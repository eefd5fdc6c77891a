/** MLflow keeps a prompt as a registered model with this tag, and its texts as versions with others of the same family. */
export const isPromptTag = 'mlflow.prompt.is_prompt';
export const promptTextTag = 'mlflow.prompt.text';
export const promptTypeTag = '_mlflow_prompt_type';

/** What clients send as the source of a prompt's version, which has no files. */
export const promptSources: readonly string[] = ['dummy-source', 'prompt-template'];

/** Whether a model or a version with these tags is a prompt. */
export const isPrompt = (tags: Readonly<Record<string, string>>): boolean =>
  tags[isPromptTag]?.toLowerCase() === 'true';
