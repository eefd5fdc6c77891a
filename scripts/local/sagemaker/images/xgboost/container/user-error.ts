/** A mistake of the person who asked for the job; its message becomes the failure reason without a stack trace. */
export class UserError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UserError';
  }
}
