// Builds the page into dist/, without inline scripts or styles, so that a strict Content-Security-Policy fits.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

export default defineConfig({
  base: './',
  // The library's public surface, straight from its source: no build of the library is needed first.
  resolve: {
    alias: {
      '@cardea/client': fileURLToPath(new URL('../client/src/index.ts', import.meta.url)),
    },
  },
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
  build: { target: 'es2021', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
});
