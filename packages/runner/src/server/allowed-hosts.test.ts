import { InputError } from '@l2bn/core/sweep';
import { describe, expect, it } from 'vitest';
import { allowedHosts, hostName } from './allowed-hosts.ts';

describe('allowedHosts', () => {
  it('always holds the loopback names and nothing else by itself', () => {
    expect([...allowedHosts()]).toEqual(['localhost', '127.0.0.1', '[::1]']);
  });

  it.each([
    ['Lab-7.Example.org', 'lab-7.example.org'],
    ['192.168.1.5', '192.168.1.5'],
    ['2001:DB8:0:0:0:0:0:1', '[2001:db8::1]'],
    ['[2001:db8::1]', '[2001:db8::1]'],
  ])('takes %s as %s, which a Host header can match', (entry, name) => {
    expect(allowedHosts([entry]).has(name)).toBe(true);
    expect(hostName(`${name}:4173`)).toBe(name);
  });

  it.each(['http://lab', 'lab:4173', 'lab/x', '', '*', 'fe80::1%eth0'])('refuses %j, naming its place', (entry) => {
    expect(() => allowedHosts(['lab', entry])).toThrow(InputError);
    expect(() => allowedHosts(['lab', entry])).toThrow('allowHosts[1]: got');
  });
});
