import { useLayoutEffect, useRef, useState } from 'preact/hooks';

/** The width of an element, in pixels; pictures are drawn anew when it changes, so that their letters keep their size. */
export function useWidth<Kind extends HTMLElement>(before: number) {
  const ref = useRef<Kind>(null);
  const [width, setWidth] = useState(before);
  useLayoutEffect(() => {
    const element = ref.current!;
    const measure = new ResizeObserver(() => setWidth(Math.max(160, Math.floor(element.clientWidth))));
    measure.observe(element);
    return () => measure.disconnect();
  }, []);
  return { ref, width };
}
