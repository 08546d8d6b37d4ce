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
      const { columns, width } = arrange(count, grid.clientWidth, grid.clientHeight);
      grid.style.setProperty('--columns', String(columns));
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

/** The number of columns that gives `count` tiles of 16:9 the most room, and the width of a tile in pixels. */
export function arrange(count: number, width: number, height: number): { columns: number; width: number } {
  let best = { columns: 1, width: 0 };
  for (let columns = 1; columns <= Math.max(1, count); columns += 1) {
    const rows = Math.ceil(count / columns);
    const byWidth = (width - gapPx * (columns - 1)) / columns;
    const byHeight = ((height - gapPx * (rows - 1)) / rows) * tileRatio;
    const tile = Math.floor(Math.min(byWidth, byHeight));
    if (tile > best.width) {
      best = { columns, width: tile };
    }
  }
  return best;
}
