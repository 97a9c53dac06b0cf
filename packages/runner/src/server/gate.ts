import type { IncomingHttpHeaders } from 'node:http';
import { LIVE_SUBPROTOCOL } from '@l2bn/core/sweep';
import { hostName } from './allowed-hosts.ts';
import { hasSession } from './session-token.ts';

/** Who may have it: `open` needs no token (page files, login), `session` the cookie, `live` the cookie and `l2bn.v1`. */
export type Access = 'open' | 'session' | 'live';

export interface GatePolicy {
  /** Names that `Host` may carry; see `allowedHosts`. */
  readonly hosts: ReadonlySet<string>;
  readonly cookie: string;
  readonly token: string;
}

export type Admission = { admitted: true } | { admitted: false; status: 401 | 403 | 421 | 426; reason: string };

const refuse = (status: 401 | 403 | 421 | 426, reason: string): Admission => ({ admitted: false, status, reason });

/**
 * Decides on a request from its headers alone, before anything else looks at it. The order matters: a rebound name must
 * not learn whether a token is right.
 *
 * - Host: a foreign name that resolves to this machine (DNS rebinding) makes the attacker's page same-origin with us,
 *   so its Origin matches its Host; only the list of names tells it from us. 421.
 * - Origin: when present it must be ours. `SameSite` does not replace this, since every port of localhost is one site. 403.
 * - Sec-Fetch-Site: a browser leaves Origin out of plain GETs of another site's `<script>` or `<img>`; this header
 *   names them. Not asked of a WebSocket, which always carries Origin, nor of page files, which a link may open. 403.
 * - Token: other users and programs of this machine pass all of the above. 401.
 */
export function admit(headers: IncomingHttpHeaders, access: Access, policy: GatePolicy): Admission {
  const host = hostName(headers.host);
  if (host === null || !policy.hosts.has(host)) return refuse(421, 'this server does not answer to that Host');
  const { origin } = headers;
  if (origin !== undefined && origin.toLowerCase() !== `http://${headers.host}`.toLowerCase()) {
    return refuse(403, 'requests of other origins are refused');
  }
  if (access === 'open') return { admitted: true };
  const site = headers['sec-fetch-site'];
  if (access === 'session' && site !== undefined && site !== 'same-origin' && site !== 'none') {
    return refuse(403, 'requests of other sites are refused');
  }
  if (!hasSession(headers.cookie, policy.cookie, policy.token)) {
    return refuse(401, 'open the link printed in the terminal');
  }
  if (access === 'live' && !offersLiveProtocol(headers['sec-websocket-protocol'])) {
    return refuse(426, `this server speaks ${LIVE_SUBPROTOCOL}; reload the page`);
  }
  return { admitted: true };
}

function offersLiveProtocol(offered: string | undefined): boolean {
  return (offered ?? '').split(',').some((name) => name.trim() === LIVE_SUBPROTOCOL);
}
