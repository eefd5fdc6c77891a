/** Tag of versions that `millrace import` copied: the server that they come from (scripts/cli/transfer/transfer.ts). */
export const importedFromTag = 'millrace.imported.from';
