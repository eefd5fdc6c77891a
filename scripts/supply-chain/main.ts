import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { productionSbom } from './sbom.ts';

const usage = `npm run sbom -- [options]

Writes the software bill of materials of what is deployed, a CycloneDX document (JSON).

  --output FILE  where to; millrace.cdx.json
  --help         this text
`;

const { values } = parseArgs({
  options: {
    output: { type: 'string', default: 'millrace.cdx.json' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(usage);
} else {
  const sbom = productionSbom(path.resolve(import.meta.dirname, '../..'));
  writeFileSync(values.output, `${JSON.stringify(sbom, null, 2)}\n`);
  process.stdout.write(`${sbom.components.length} packages are in ${values.output}.\n`);
}
