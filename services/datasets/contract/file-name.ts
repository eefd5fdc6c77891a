/** Made by the API for each address that takes one file, so that two files of one name do not meet: 26 characters of Crockford's base 32. */
const addressId = /^[0-9A-HJKMNP-TV-Z]{26}-(?=.)/;

/** What the uploader called a file: `01M8…G4-first.csv` is `first.csv`. Files of a folder have their names as they are. */
export const uploadedName = (path: string): string =>
  path.includes('/') ? path : path.replace(addressId, '');
