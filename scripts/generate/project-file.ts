import { projectJsonSchema } from '#services/projects/json-schema.ts';
import { type Artefact, generatedNote, jsonText, markdownTable } from './artefact.ts';
import { type Member, membersOf, type Schema } from './schema-text.ts';

/** The schema of project.yaml for editors, and the same as a page. */
export function projectFile(): Artefact[] {
  const schema = projectJsonSchema();
  return [
    { path: 'docs/reference/project.schema.json', content: jsonText(schema) },
    { path: 'docs/reference/project.md', content: page(schema as Schema) },
  ];
}

function page(schema: Schema): string {
  const rows = membersOf(schema).map((member) => [
    `\`${member.path}\``,
    member.type,
    defaultText(member),
    member.schema.description ?? '',
  ]);
  return `# project.yaml

${generatedNote}

Every member that a project file may have. Editors complete and check it by [project.schema.json](project.schema.json):
begin the file with \`# yaml-language-server: $schema=<path to project.schema.json>\`. How the parts work together:
[projects](../guide/projects.md).

${markdownTable(['member', 'type', 'default', 'meaning'], rows)}
`;
}

function defaultText({ required, schema }: Member): string {
  if (required) return '**required**';
  if (schema.default === undefined) return 'absent';
  return schema.properties ? 'see members' : `\`${JSON.stringify(schema.default)}\``;
}
