import { hasEnded, InputError } from '@l2bn/core/sweep';
import { LedgerInUseError } from '../../ledger/ledger.ts';
import { readLedger } from '../../ledger/read-ledger.ts';
import { readRecord, realFolder } from '../../schedule/control-address.ts';
import { quoted } from '../advice/shell-word.ts';
import { shownFolder } from '../target/sweep-folder.ts';

/** Why a folder that another process writes cannot be used, and what helps: it may only keep the page of its sweep up. */
export function folderInUse(folder: string): LedgerInUseError {
  const pid = readRecord(realFolder(folder))?.pid;
  const who = pid === undefined ? '' : ` (pid ${pid})`;
  const name = quoted(shownFolder(folder));
  return new LedgerInUseError(
    isOver(folder)
      ? `the sweep in ${folder} has ended, but its page is still up${who}: l2bn stop ${name}, or Ctrl-C there, ends that`
      : `another l2bn writes ${folder}${who}; follow it with l2bn watch ${name}, or wait until it ends`,
  );
}

function isOver(folder: string): boolean {
  try {
    return hasEnded(readLedger(folder).state.phase);
  } catch (error) {
    // One that was just made, or is damaged: whoever writes it will say so.
    if (error instanceof InputError) return false;
    throw error;
  }
}
