/** The library exports it, so it lies in shared. */
export { MemoryStore } from '../../shared/simulation/memory-store.ts';
