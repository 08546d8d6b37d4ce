// Library build: one ES module, no dependency inside or outside it.
import { defineConfig } from 'vite';

export default defineConfig({
  build: {
    target: 'es2021',
    sourcemap: true,
    lib: { entry: 'src/index.ts', formats: ['es'], fileName: () => 'cardea-client.js' },
  },
});
