/** Closed forms of L2, and what chance makes of accuracies. Pure arithmetic: runs in a browser. */
export * from './chance.ts';
export * from './decay.ts';
export * from './penalty-step.ts';
export * from './pure-decay.ts';
