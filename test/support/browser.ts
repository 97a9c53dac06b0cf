import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright';
import { onTestFinished } from 'vitest';

const INSTALLED = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Playwright gives up after 30 s, which a busy machine may take to start a browser. */
const PATIENCE_MS = 120_000;

/** `npm test` puts the browser that the set-up found into `CHROME_BIN`. */
function browserPath(): string {
  const path = process.env.CHROME_BIN ?? INSTALLED.find((candidate) => existsSync(candidate));
  if (path === undefined) throw new Error('no Chrome or Chromium; set CHROME_BIN, or run npm test, which finds one');
  return path;
}

export interface OpenPage {
  page: Page;
  browser: Browser;
  /** URLs of everything that the page asked for. */
  requests: string[];
  /** Errors of scripts and of the console. */
  errors: string[];
}

/** A page in a headless Chromium; closed when the test ends. `onFrame` is told of every WebSocket text frame it is sent. */
export async function openPage(url: string, onFrame?: (text: string) => void): Promise<OpenPage> {
  const browser = await chromium.launch({
    executablePath: browserPath(),
    timeout: PATIENCE_MS,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
  onTestFinished(() => browser.close());
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  page.setDefaultTimeout(PATIENCE_MS);
  const requests: string[] = [];
  const errors: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('websocket', (socket) => {
    requests.push(socket.url());
    socket.on('framereceived', ({ payload }) => onFrame?.(String(payload)));
  });
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  await page.goto(url);
  return { page, browser, requests, errors };
}
