import { defineConfig } from 'vite';

/**
 * The page works from any folder of any origin and under a Content-Security-Policy of `default-src 'self'`: every
 * reference is relative, and nothing is inlined as script, style or data URL.
 */
export default defineConfig({
  base: './',
  build: {
    outDir: 'dist/page',
    emptyOutDir: true,
    target: ['chrome123', 'firefox121', 'safari17.5'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
  },
});
