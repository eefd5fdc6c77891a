import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { cachedFolder } from './cache.ts';
import { runWell } from './program.ts';

/** The Java that programs of Maven Central run on: 17 or newer. */
export const java = process.env['MILLRACE_JAVA'] ?? 'java';

/** An artifact of Maven Central, e.g. `{ group: 'com.amazonaws', name: 'DynamoDBLocal', version: '2.6.1' }`. */
export interface MavenArtifact {
  readonly group: string;
  readonly name: string;
  readonly version: string;
  /** Such as `exec`, for an artifact that brings its dependencies itself. */
  readonly classifier?: string;
}

/**
 * A folder with the artifact and all that it needs at run time, as files side by side (`java -cp 'FOLDER/*'`). Rejects without Java or
 * Maven, or when an artifact is not to be had.
 */
export async function mavenFolder(artifact: MavenArtifact): Promise<string> {
  await runWell(java, ['-version']);
  const { group, name, version, classifier } = artifact;
  return await cachedFolder(`maven-${name}`, artifact, async (folder) => {
    const pom = path.join(folder, 'pom.xml');
    const exactly = classifier === undefined ? '' : `<classifier>${classifier}</classifier>${withoutOthers}`;
    writeFileSync(
      pom,
      `<project><modelVersion>4.0.0</modelVersion>
  <groupId>millrace</groupId><artifactId>conformance</artifactId><version>1</version>
  <dependencies><dependency>
    <groupId>${group}</groupId><artifactId>${name}</artifactId><version>${version}</version>${exactly}
  </dependency></dependencies>
</project>
`,
    );
    const copy = `org.apache.maven.plugins:maven-dependency-plugin:${pluginVersion}:copy-dependencies`;
    const where = [`-DoutputDirectory=${folder}`, '-DincludeScope=runtime'];
    await runWell('mvn', ['--quiet', '--batch-mode', '--file', pom, copy, ...where]);
  });
}

const pluginVersion = '3.8.1';
const withoutOthers =
  '<exclusions><exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion></exclusions>';
