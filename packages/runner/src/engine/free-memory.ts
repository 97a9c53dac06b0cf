import { freemem } from 'node:os';

/** Memory in bytes that this process can still take: what is free on the machine, or in its container where that is less. */
export const freeMemory = (): number => Math.min(freemem(), process.availableMemory());
