import type { ViewObjects } from '../ports.ts';
import type { SourceFile } from './source-rows.ts';

/** The objects of a view's rows as files, where they were brought to local disk. */
export const sourceFilesOf = (
  { objects, erased }: Pick<ViewObjects, 'objects'> & { readonly erased?: ViewObjects['erased'] | undefined },
  pathOf: (uri: string) => string,
): SourceFile[] =>
  objects.map(({ object, format }) => ({
    path: pathOf(object.uri),
    format,
    ...(erased ? { erased } : {}),
  }));
