import { useState } from 'preact/hooks';

export interface Submission {
  readonly sending: boolean;
  /** Of the newest try, while it stands. */
  readonly failure: Error | undefined;
  /** Sends once; answers whether it worked. */
  submit(send: () => Promise<unknown>): Promise<boolean>;
}

/** What a form goes through when it is sent. */
export function useSubmission(): Submission {
  const [sending, setSending] = useState(false);
  const [failure, setFailure] = useState<Error>();
  const submit = async (send: () => Promise<unknown>): Promise<boolean> => {
    setSending(true);
    setFailure(undefined);
    try {
      await send();
      return true;
    } catch (error) {
      setFailure(error as Error);
      return false;
    } finally {
      setSending(false);
    }
  };
  return { sending, failure, submit };
}
