// Builds the page into dist/, without inline scripts or styles, so that a strict Content-Security-Policy fits.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  base: './',
  // The library's public surface, straight from its source: no build of the library is needed first.
  resolve: {
    alias: {
      '@cardea/client': here('../client/src/index.ts'),
    },
  },
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
  build: {
    target: 'es2021',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The viewer of the API's document is one large piece, and only its own page loads it.
    chunkSizeWarningLimit: 2000,
    rollupOptions: {
      input: [here('index.html'), here('docs/index.html')],
    },
  },
});
