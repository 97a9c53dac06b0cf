export type Theme = 'light' | 'dark';

const KEY = 'l2bn-theme';
const preference = (): MediaQueryList => matchMedia('(prefers-color-scheme: dark)');
const changes = new EventTarget();

/** The theme in force: the user's choice on this machine, else the system's. */
export function currentTheme(): Theme {
  const chosen = document.documentElement.dataset.theme;
  if (chosen === 'light' || chosen === 'dark') return chosen;
  return preference().matches ? 'dark' : 'light';
}

/** Takes up the choice of an earlier visit, and follows the system from now on. */
export function initTheme(): void {
  try {
    const kept = localStorage.getItem(KEY);
    if (kept === 'light' || kept === 'dark') document.documentElement.dataset.theme = kept;
  } catch {
    // Storage may be forbidden; then the choice lasts as long as the page.
  }
  preference().addEventListener('change', () => changes.dispatchEvent(new Event('change')));
}

export function toggleTheme(): void {
  const next: Theme = currentTheme() === 'dark' ? 'light' : 'dark';
  document.documentElement.dataset.theme = next;
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // As above.
  }
  changes.dispatchEvent(new Event('change'));
}

/** Calls `listener` after every change of the theme, until `signal` aborts. */
export const onThemeChange = (listener: () => void, signal: AbortSignal): void =>
  changes.addEventListener('change', listener, { signal });
