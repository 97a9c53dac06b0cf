import { isIPv6 } from 'node:net';
import { describe, InputError } from '@l2bn/core/sweep';

const LOOPBACK_HOSTS = ['localhost', '127.0.0.1', '[::1]'] as const;

/** Addresses that only this machine can reach, as given to `listen`. */
export const isLoopback = (host: string): boolean => ['localhost', '127.0.0.1', '::1'].includes(host);

/**
 * The host names that a request may carry in `Host`: the loopback names and what the user added.
 *
 * @param extra bare host names or addresses, without scheme and port (`lab-7.example.org`, `192.168.1.5`, `fe80::1`)
 * @throws InputError for an entry that is not such a name, because it would silently never match
 */
export function allowedHosts(extra: readonly string[] = []): ReadonlySet<string> {
  return new Set([...LOOPBACK_HOSTS, ...extra.map(normalizeAllowedHost)]);
}

function normalizeAllowedHost(entry: string, index: number): string {
  const address = entry.replace(/^\[(.*)\]$/, '$1');
  // Browsers send an IPv6 address in its shortest form, which is what `URL` makes of it.
  if (isIPv6(address) && !address.includes('%')) return new URL(`http://[${address}]`).hostname;
  if (/^[a-z0-9._-]+$/i.test(entry)) return entry.toLowerCase();
  throw new InputError({
    path: `allowHosts[${index}]`,
    got: describe(entry),
    want: 'a host name or address without scheme, port and path',
  });
}

/**
 * The name in a `Host` header: port stripped, lower-cased, IPv6 in its brackets; null when it is no host at all. A port
 * left on the name would make every comparison with the list fail, or worse, need an exception to pass.
 */
export function hostName(header: string | undefined): string | null {
  const match = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?$/i.exec(header ?? '');
  return match === null ? null : match[1]!.toLowerCase();
}
