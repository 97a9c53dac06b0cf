import { describe, expect, it } from 'vitest';
import { allowedHosts } from './allowed-hosts.ts';
import { type Access, admit } from './gate.ts';

const token = 'a-token-of-this-test';
const policy = { hosts: allowedHosts(['lab-7.example.org', 'FE80:0::1']), cookie: 'l2bn_4173', token };
const session = { cookie: `l2bn_4173=${token}` };
const live = { 'sec-websocket-protocol': 'l2bn.v1' };
const local = { host: '127.0.0.1:4173' };

/** Status of a refusal, or 200. */
const verdict = (headers: Record<string, string>, access: Access = 'open') => {
  const admission = admit(headers, access, policy);
  return admission.admitted ? 200 : admission.status;
};

describe('admit', () => {
  it.each([
    ['localhost', 200],
    ['LocalHost:4173', 200],
    ['127.0.0.1', 200],
    ['[::1]:4173', 200],
    ['lab-7.example.org:80', 200],
    ['[fe80::1]:4173', 200],
    ['evil.example', 421],
    ['localhost.evil.example', 421],
    ['localhost.', 421],
    ['127.0.0.1.nip.io', 421],
    ['127.0.0.2', 421],
    ['::1', 421],
    ['localhost:', 421],
    ['localhost:4173:4173', 421],
    ['user@localhost', 421],
    ['localhost, evil.example', 421],
    ['', 421],
  ])('answers Host %j with %i', (host, status) => {
    expect(verdict({ host })).toBe(status);
  });

  it('refuses a request without Host', () => {
    expect(verdict({})).toBe(421);
  });

  it.each([
    ['http://127.0.0.1:4173', 200],
    ['HTTP://127.0.0.1:4173', 200],
    ['http://127.0.0.1:3000', 403],
    ['http://127.0.0.1', 403],
    ['https://127.0.0.1:4173', 403],
    ['http://localhost:4173', 403],
    ['http://evil.example', 403],
    ['null', 403],
    ['', 403],
  ])('answers Origin %j with %i', (origin, status) => {
    expect(verdict({ ...local, origin })).toBe(status);
    expect(verdict({ ...local, ...session, origin }, 'session')).toBe(status);
    expect(verdict({ ...local, ...session, ...live, origin }, 'live')).toBe(status);
  });

  it('refuses a rebound name though its Origin matches', () => {
    expect(verdict({ host: 'evil.example:4173', origin: 'http://evil.example:4173', ...session }, 'session')).toBe(421);
  });

  it.each([
    ['same-origin', 200],
    ['none', 200],
    ['same-site', 403],
    ['cross-site', 403],
  ])('answers Sec-Fetch-Site %j with %i where a session is needed', (site, status) => {
    expect(verdict({ ...local, ...session, 'sec-fetch-site': site }, 'session')).toBe(status);
    // A link on another page may open this one.
    expect(verdict({ ...local, 'sec-fetch-site': site })).toBe(200);
  });

  it.each([
    [`l2bn_4173=${token}`, 200],
    [`theme=dark; l2bn_4173=${token}; other=1`, 200],
    [`l2bn_4173=planted; l2bn_4173=${token}`, 200],
    [`l2bn_4174=${token}`, 401],
    [`xl2bn_4173=${token}`, 401],
    [`l2bn_4173=${token}x`, 401],
    [`l2bn_4173=${token.slice(0, -1)}`, 401],
    [`l2bn_4173=${token.toUpperCase()}`, 401],
    ['l2bn_4173=', 401],
    ['l2bn_4173', 401],
    [token, 401],
  ])('answers Cookie %j with %i', (cookie, status) => {
    expect(verdict({ ...local, cookie }, 'session')).toBe(status);
  });

  it('needs no cookie for what is open, and one for the rest', () => {
    expect(verdict(local, 'open')).toBe(200);
    expect(verdict(local, 'session')).toBe(401);
    expect(verdict({ ...local, ...live }, 'live')).toBe(401);
  });

  it.each([
    ['l2bn.v1', 200],
    ['l2bn.v2, l2bn.v1', 200],
    ['l2bn.v2', 426],
    ['xl2bn.v1', 426],
    ['', 426],
  ])('answers subprotocol %j with %i', (offered, status) => {
    expect(verdict({ ...local, ...session, 'sec-websocket-protocol': offered }, 'live')).toBe(status);
  });

  it('does not tell a foreign name whether the token is right', () => {
    expect(verdict({ host: 'evil.example', cookie: 'l2bn_4173=wrong' }, 'live')).toBe(421);
  });
});
