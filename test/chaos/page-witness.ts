import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RecordedEvent, ServerMessage, SweepState } from '@l2bn/core/sweep';
import type { Page } from 'playwright';
import { expect } from 'vitest';
import { openPage } from '../support/browser.ts';
import type { Command } from '../support/command.ts';
import { Relay } from '../support/relay.ts';
import { stateAt } from './sweep.ts';

const LINK = /page: (http:\/\/127\.0\.0\.1:\d+\/#t=\S+)/;
const STATE = 'document.querySelector("l2bn-app").model.store.state';
/** What a browser says of servers that are gone; not a fault of the page. */
const NETWORK_TROUBLE = /^(Failed to load resource|WebSocket connection to)/;

/**
 * The real page in a real browser, open from the first coordinator to the last, always at the same address. It keeps what it
 * was sent, and can say what it makes of it.
 */
export class PageWitness {
  private readonly relay: Relay;
  private page: Page | undefined;
  private errors: string[] = [];
  private sweep = '';
  /** What was sent to the page, by sweep. */
  private readonly sent = new Map<string, Map<number, RecordedEvent>>();
  /** Frames of each kind so far. */
  readonly frames = { hello: 0, snapshot: 0, batch: 0, hb: 0, bye: 0 };

  private constructor(relay: Relay) {
    this.relay = relay;
  }

  static async create(): Promise<PageWitness> {
    return new PageWitness(await Relay.open());
  }

  /** Turns to a coordinator and opens its link; false if it ends before it has said one. */
  async follow(run: Command, folder: string): Promise<boolean> {
    const log = join(folder, 'sweep.log');
    const old = existsSync(log) ? statSync(log).size : 0;
    let ended = false;
    void run.ended.then(() => {
      ended = true;
    });
    while (!ended) {
      const said = existsSync(log) ? readFileSync(log).subarray(old).toString() : '';
      const link = LINK.exec(said)?.[1];
      if (link !== undefined) {
        await this.open(link);
        return true;
      }
      await sleep(20);
    }
    return false;
  }

  /** Breaks the connection under the page. */
  cut(): void {
    this.relay.cut();
  }

  /** What the page was sent of a sweep. */
  acknowledged(sweep: string): Iterable<RecordedEvent> {
    return this.sent.get(sweep)?.values() ?? [];
  }

  /** For a sweep whose folder is gone. */
  forget(sweep: string): void {
    this.sent.delete(sweep);
  }

  async state(): Promise<SweepState | null> {
    if (this.page === undefined) return null;
    return JSON.parse(await this.page.evaluate<string>(`JSON.stringify(${STATE})`)) as SweepState | null;
  }

  /** Waits until the page has the event `seq` of a sweep. */
  async hasPassed(sweep: string, seq: number): Promise<void> {
    const missing = async () => {
      const [name, at] = (await this.page?.evaluate<[string, number]>(`[${STATE}?.plan.name, ${STATE}?.seq]`)) ?? [];
      return name === sweep && at !== undefined ? Math.max(0, seq - at) : seq;
    };
    await expect.poll(missing, { timeout: 60_000, interval: 50 }).toBe(0);
  }

  /** The page's whole state is what the ledger's events up to the same one make; false if it does not show this sweep. */
  async expectTrue(sweep: string, folder: string): Promise<boolean> {
    const state = await this.state();
    if (state?.plan.name !== sweep) return false;
    expect(state).toEqual(stateAt(folder, state.seq));
    return true;
  }

  expectNoErrors(): void {
    expect(this.errors.filter((text) => !NETWORK_TROUBLE.test(text))).toEqual([]);
  }

  private async open(link: string): Promise<void> {
    this.relay.target = Number(new URL(link).port);
    const here = this.relay.linkTo(link);
    if (this.page !== undefined) {
      // As a user does who pastes the new link into the same tab.
      await this.page.goto(here);
      return;
    }
    const { page, errors } = await openPage(here, (text) => this.receive(JSON.parse(text) as ServerMessage));
    this.page = page;
    this.errors = errors;
  }

  private receive(message: ServerMessage): void {
    this.frames[message.t]++;
    if (message.t === 'hello') this.sweep = message.sweep;
    if (message.t !== 'batch') return;
    const events = this.sent.get(this.sweep) ?? new Map<number, RecordedEvent>();
    this.sent.set(this.sweep, events);
    for (const event of message.events) events.set(event.seq, event);
  }
}
