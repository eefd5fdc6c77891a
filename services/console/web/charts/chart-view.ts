import { type XKind, xKinds } from './curve.ts';

/** How curves are looked at; kept in the address. */
export interface ChartView {
  readonly xKind: XKind;
  readonly isLog: boolean;
  /** Weight of what came before, from 0 to 0.99. */
  readonly smoothing: number;
}

export function readChartView(text: string): ChartView {
  const fields = new URLSearchParams(text);
  const smoothing = Number(fields.get('smooth') ?? 0);
  return {
    xKind: xKinds.find((kind) => kind === fields.get('x')) ?? 'step',
    isLog: fields.get('y') === 'log',
    smoothing: smoothing >= 0 && smoothing <= 0.99 ? smoothing : 0,
  };
}

/** Puts it into an address that holds other things too; what is as usual is left out. */
export function withChartView(text: string, { xKind, isLog, smoothing }: ChartView): string {
  const fields = new URLSearchParams(text);
  const put = (name: string, value: string) => (value ? fields.set(name, value) : fields.delete(name));
  put('x', xKind === 'step' ? '' : xKind);
  put('y', isLog ? 'log' : '');
  put('smooth', smoothing === 0 ? '' : String(smoothing));
  return fields.toString();
}
