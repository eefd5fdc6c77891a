export { retrieve as handler } from './retrieve.ts';
