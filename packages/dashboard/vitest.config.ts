import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { unitTests } from '../../vitest.shared.ts';

const chromium = playwright({
  launchOptions: {
    executablePath: process.env.CHROME_BIN ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'],
  },
});

/** `unit` runs in Node; `browser` runs components in a real Chromium, which custom elements and canvases need. */
export default defineConfig({
  test: {
    projects: [
      { test: { ...unitTests.test, exclude: ['src/**/*.browser.test.ts'] } },
      {
        test: {
          name: 'browser',
          include: ['src/**/*.browser.test.ts'],
          // Bounds for a busy machine; nothing waits that long when all is well.
          testTimeout: 60_000,
          expect: { poll: { timeout: 15_000 } },
          browser: {
            enabled: true,
            provider: chromium,
            headless: true,
            screenshotFailures: false,
            instances: [{ browser: 'chromium', viewport: { width: 1280, height: 900 } }],
          },
        },
      },
    ],
  },
});
