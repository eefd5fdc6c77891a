/** Made by the API for each presigned address, so that two files of one name do not meet: 26 characters of Crockford's base 32. */
const addressId = /^[0-9A-HJKMNP-TV-Z]{26}-/;

/** What an uploaded file was called: `incoming/rooms/01M8…G4-first.csv` is `first.csv`. */
export function fileNameOf(key: string): string {
  const [_incoming, _project, ...path] = key.split('/');
  return path.join('/').replace(addressId, '');
}
