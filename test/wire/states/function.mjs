/** The function of the wire suite of Step Functions: asks the test by HTTP what it shall do, and does it. */
export const handler = async ({ url, payload = null }) => {
  const answer = await fetch(url, { method: 'POST', body: JSON.stringify(payload) });
  const told = await answer.json();
  if (told.error === undefined) return told.value ?? null;
  const error = new Error(told.message);
  error.name = told.error;
  throw error;
};
