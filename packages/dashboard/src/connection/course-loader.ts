import type { CourseAnswer } from '@l2bn/core/sweep';
import type { SweepStore } from '../store/sweep-store.ts';
import { COURSES_PATH } from './connection-options.ts';

/** Trials in one request: as many as the curves show, and what fits into an address. */
const MOST_ASKED = 300;

export interface CourseLoaderOptions {
  /** Default: the browser's `fetch`. */
  fetch?: typeof fetch;
  /** Time for one answer, ms. Default 60,000: some MB on a slow line. */
  giveUpAfter?: number;
  /** Wait after a failure before a new try, ms. Default 5,000. */
  retryAfter?: number;
}

/** Fetches the courses that panels want and a thin snapshot has left out, one request at a time. */
export class CourseLoader {
  private readonly store: SweepStore;
  private readonly base: string;
  private readonly options: Required<CourseLoaderOptions>;
  private loading: Promise<void> | null = null;
  private retryTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(store: SweepStore, base: string, options: CourseLoaderOptions = {}) {
    this.store = store;
    this.base = base;
    this.options = { fetch: (input, init) => fetch(input, init), giveUpAfter: 60_000, retryAfter: 5_000, ...options };
    store.courses.addEventListener('want', () => void this.load());
  }

  /** Fetches what is wanted, also what an earlier try could not get. Ends at the first failure, and goes on by itself later. */
  async load(): Promise<void> {
    if (this.loading === null && this.store.courses.isWaiting) this.loading = this.loadAll();
    await this.loading;
  }

  private async loadAll(): Promise<void> {
    clearTimeout(this.retryTimer);
    try {
      while (this.store.courses.isWaiting) await this.loadSome();
    } catch {
      // The connection may be well all the while, so that nothing else would lead to a new try.
      this.retryTimer = setTimeout(() => void this.load(), this.options.retryAfter);
    } finally {
      this.loading = null;
    }
  }

  private async loadSome(): Promise<void> {
    const { store } = this;
    const { state } = store;
    const asked = store.courses.next(MOST_ASKED);
    const response = await this.options.fetch(new URL(`${COURSES_PATH}?trials=${asked.join(',')}`, this.base), {
      // One that never comes would keep all others waiting.
      signal: AbortSignal.timeout(this.options.giveUpAfter),
    });
    if (!response.ok) throw new Error(`courses: HTTP ${response.status}`);
    const { courses } = (await response.json()) as CourseAnswer;
    // Another snapshot has come meanwhile, and with it other wishes.
    if (store.state !== state) return;
    store.fill(courses);
    // One that the server does not know would be asked for for ever.
    if (courses.length === 0) store.courses.drop(asked);
  }
}
