import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import type { Snapshot } from '@l2bn/core/sweep';
import type { SweepSource } from './sweep-source.ts';

const compress = promisify(gzip);

/**
 * Makes the body of `GET /api/snapshot`. The state is serialised in one go, so that it is the state at one `seq`;
 * compression runs on zlib's threads. Pages that come at the same time (all of them, after a restart) share one body.
 */
export class SnapshotBody {
  private readonly boot: string;
  private readonly source: SweepSource;
  private readonly inWork = new Map<string, Promise<Buffer>>();

  constructor(boot: string, source: SweepSource) {
    this.boot = boot;
    this.source = source;
  }

  /** JSON of a `Snapshot`, compressed or not. */
  render(zipped: boolean): Promise<Buffer> {
    const key = `${this.source.state.seq} ${zipped}`;
    let body = this.inWork.get(key);
    if (body === undefined) {
      body = this.make(zipped).finally(() => this.inWork.delete(key));
      this.inWork.set(key, body);
    }
    return body;
  }

  private async make(zipped: boolean): Promise<Buffer> {
    const snapshot: Snapshot = { boot: this.boot, state: this.source.state };
    const json = Buffer.from(JSON.stringify(snapshot));
    // Level 1: a state of curves shrinks to nearly the same size, several times sooner.
    return zipped ? await compress(json, { level: constants.Z_BEST_SPEED }) : json;
  }
}
