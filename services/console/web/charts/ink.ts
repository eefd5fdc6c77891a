/** Eight colours that people tell apart however they see colours, then the same dashed, then dotted. */
export const inkClass = (ink: number): string => `ink-${ink % 8} dash-${Math.floor(ink / 8) % 3}`;
