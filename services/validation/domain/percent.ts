/** `12.05 %` of 0.1205. */
export const percent = (share: number): string => `${Number((share * 100).toFixed(2))} %`;
