/** Whether an `Accept-Encoding` header allows gzip; `gzip;q=0` is a refusal (RFC 9110, section 12.5.3). */
export function acceptsGzip(header: string | string[] | undefined): boolean {
  const codings = new Map<string, number>();
  for (const part of String(header ?? '').split(',')) {
    const [name = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
    const weight = parameters.find((text) => text.startsWith('q='));
    codings.set(name, weight === undefined ? 1 : Number(weight.slice(2)));
  }
  return (codings.get('gzip') ?? codings.get('*') ?? 0) > 0;
}
