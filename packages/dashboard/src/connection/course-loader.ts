import type { CourseAnswer } from '@l2bn/core/sweep';
import type { SweepStore } from '../store/sweep-store.ts';
import { COURSES_PATH } from './connection-options.ts';

/** Trials in one request: as many as the curves show, and what fits into an address. */
const MOST_ASKED = 300;

/** Fetches the courses that panels want and a thin snapshot has left out, one request at a time. */
export class CourseLoader {
  private readonly store: SweepStore;
  private readonly base: string;
  private readonly fetch: typeof fetch;
  private loading: Promise<void> | null = null;

  constructor(store: SweepStore, base: string, send: typeof fetch = (input, init) => fetch(input, init)) {
    this.store = store;
    this.base = base;
    this.fetch = send;
    store.courses.addEventListener('want', () => void this.load());
  }

  /** Fetches what is wanted, also what an earlier try could not get. Ends at the first failure. */
  async load(): Promise<void> {
    if (this.loading === null && this.store.courses.isWaiting) this.loading = this.loadAll();
    await this.loading;
  }

  private async loadAll(): Promise<void> {
    try {
      while (this.store.courses.isWaiting && (await this.loadSome()));
    } catch {
      // Not reachable: the next connection tries again.
    } finally {
      this.loading = null;
    }
  }

  private async loadSome(): Promise<boolean> {
    const { store } = this;
    const { state } = store;
    const asked = store.courses.next(MOST_ASKED);
    const response = await this.fetch(new URL(`${COURSES_PATH}?trials=${asked.join(',')}`, this.base));
    if (!response.ok) return false;
    const { courses } = (await response.json()) as CourseAnswer;
    // Another snapshot has come meanwhile, and with it other wishes.
    if (store.state !== state) return true;
    store.fill(courses);
    // One that the server does not know would be asked for for ever.
    if (courses.length === 0) store.courses.drop(asked);
    return true;
  }
}
