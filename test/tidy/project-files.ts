/** Settings of the project that would otherwise change unnoticed. */

interface CompilerOptions {
  readonly lib?: readonly string[];
  readonly types?: readonly string[];
}

/** What a tsconfig lets code see beyond the language itself; null where that is nothing. */
export function machineInReach({ lib, types }: CompilerOptions): string | null {
  const beyond = [...(lib ?? ['the default libraries']).filter((name) => name !== 'ES2022'), ...(types ?? ['all @types'])];
  return beyond.length === 0 ? null : `shared code can see ${beyond.join(', ')}; its tsconfig must have "lib": ["ES2022"] and "types": []`;
}

/** Addresses in a lock file: they would tie every clone to the host that one developer used. */
export function hostsIn(lockFile: string): string[] {
  const lock = JSON.parse(lockFile) as { packages: Record<string, { resolved?: string; link?: boolean }> };
  return Object.entries(lock.packages).flatMap(([name, { resolved }]) => (resolved !== undefined && resolved.includes('://') ? [`${name} is tied to ${resolved}`] : []));
}
