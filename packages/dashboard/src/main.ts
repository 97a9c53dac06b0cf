import type { App } from './app/app.ts';
import './app/app.ts';
import type { PageModel } from './app/page-model.ts';
import { initTheme } from './app/theme.ts';
import { Connection } from './connection/connection.ts';
import { SweepControl } from './connection/control.ts';
import { CourseLoader } from './connection/course-loader.ts';
import { login, tokenOf } from './connection/login.ts';
import { Selection } from './store/selection.ts';
import { SweepStore } from './store/sweep-store.ts';

const base = new URL('.', location.href).href;
const store = new SweepStore();
const connection = new Connection(store, { base });
const control = new SweepControl(base);
const courses = new CourseLoader(store, base);
const model: PageModel = { store, selection: new Selection(), control, connection };
connection.addEventListener('state', () => {
  if (connection.state.kind !== 'live') return;
  void control.refresh();
  void courses.load();
});

/** Trades the key in the address for a cookie, and takes it out of the address and of the history. */
async function signIn(): Promise<void> {
  const token = tokenOf(location.hash);
  if (token === null) return;
  history.replaceState(null, '', location.pathname + location.search);
  await login(base, token);
}

initTheme();
const app = document.querySelector<App>('l2bn-app')!;
app.model = model;
await signIn();
connection.start();

addEventListener('online', () => connection.retryNow());
document.addEventListener('visibilitychange', () => {
  if (!document.hidden) connection.retryNow();
});
addEventListener('hashchange', async () => {
  if (tokenOf(location.hash) === null) return;
  await signIn();
  connection.retryNow();
});
