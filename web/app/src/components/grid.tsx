// Lays the tiles out so that they are as large as the window allows.
import { toChildArray, type ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

const tileRatio = 16 / 9;
const gapPx = 12;

export function Grid({ children }: { children: ComponentChildren }) {
  const element = useRef<HTMLDivElement>(null);
  const count = toChildArray(children).length;
  useLayoutEffect(() => {
    const grid = element.current;
    if (!grid) {
      return undefined;
    }
    const place = (): void => {
      const width = tileWidth(count, grid.clientWidth, grid.clientHeight);
      grid.style.setProperty('--tile-width', `${width}px`);
    };
    const observer = new ResizeObserver(place);
    observer.observe(grid);
    place();
    return () => observer.disconnect();
  }, [count]);
  return (
    <div ref={element} class="grid">
      {children}
    </div>
  );
}

/** The width in pixels that gives `count` tiles of 16:9 the most room in an area of this size. */
export function tileWidth(count: number, width: number, height: number): number {
  let best = 0;
  for (let columns = 1; columns <= count; columns += 1) {
    const rows = Math.ceil(count / columns);
    const byWidth = (width - gapPx * (columns - 1)) / columns;
    const byHeight = ((height - gapPx * (rows - 1)) / rows) * tileRatio;
    best = Math.max(best, Math.floor(Math.min(byWidth, byHeight)));
  }
  return best;
}
