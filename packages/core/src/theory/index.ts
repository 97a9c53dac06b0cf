/** Closed forms of L2 under SGD. Pure arithmetic: runs in a browser. */
export * from './decay.ts';
export * from './pure-decay.ts';
