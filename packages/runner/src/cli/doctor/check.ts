/** What one check of `l2bn doctor` came to. */
export interface CheckResult {
  name: string;
  /** `failed` means that nothing can train; `warning` that something is slower or missing. */
  status: 'ok' | 'warning' | 'failed';
  /** What there is. */
  found: string;
  /** What to do about it. */
  advice?: string;
}

export type Check = () => CheckResult | Promise<CheckResult>;

/** A check result from what there is and, where that does not do, what to do. */
export const result = (
  name: string,
  found: string,
  problem?: { status: 'warning' | 'failed'; advice: string },
): CheckResult => (problem === undefined ? { name, status: 'ok', found } : { name, found, ...problem });
