export { checkRows as handler } from './check-rows.ts';
