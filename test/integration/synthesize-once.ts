import { synthesizeShared } from './assemblies.ts';

/** Before the integration tests: test files run side by side, and each platform takes a copy of one assembly. */
export const setup = async (): Promise<void> => void (await synthesizeShared());
