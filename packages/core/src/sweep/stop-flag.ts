/** Value of a trial's stop flag at which it ends before its next batch, and can go on from there. */
export const STOPPED = 1;
/** The same for a trial that nobody will go on with from where it is stopped: it keeps no state. */
export const DROPPED = 2;
