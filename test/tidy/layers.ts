/** Which file may import which: the layers of the house, import cycles, and who may name a concrete adapter. */
import ts from 'typescript';
import { type Import, importsOf, parsed, type SourceFile, walk } from './source-files.ts';

/** The folders of shared, each of which may import only itself and those before it. Encoding and ports may be imported from anywhere. */
export const sharedOrder = ['clocks', 'document', 'history', 'strategies', 'protocol', 'network', 'relay', 'replica', 'analysis', 'replay', 'simulation', 'scenarios', 'control'];

/**
 * The folders of the relay's core, of its server and of the control core, each of which may import only itself, those before it,
 * and the files beside them. These import no folder; `root` puts all together, and is imported from outside only.
 */
export const orderedRooms: Readonly<Record<string, { readonly folders: readonly string[]; readonly root: string }>> = {
  'shared/relay': { folders: ['storage', 'document', 'session', 'presence', 'cluster', 'faults', 'room'], root: '' },
  'server/relay': { folders: ['sockets', 'admission'], root: 'relay.ts' },
  'shared/control': { folders: ['analysis', 'room', 'channel', 'scenarios'], root: 'lab-core.ts' },
};

/** The folders of elements, each of which may import only itself and those that it lists: windows know fields and parts, never each other. */
const elementImports: Readonly<Record<string, readonly string[]>> = { parts: [], fields: ['parts'], diagram: ['parts'], replica: ['parts', 'fields'], 'control-room': ['parts', 'fields', 'diagram'] };

/**
 * The folders of the command line that commands share, each of which may import only itself, those before it, and the files beside
 * them. Every other folder is a command's: it may import these too, and no other command's. commands.ts names the commands; other
 * files beside the folders import of them only console.
 */
export const sharedCliOrder = ['console', 'lab'];

/** The adapters that the library hands on beside shared: they import shared and each other, and no window. */
export const libraryAdapters: readonly string[] = [
  'renderer/platform/browser-clock.ts',
  'renderer/providers/indexeddb-store.ts',
  'renderer/providers/relay-connection.ts',
];

/** Imports that cross a wall, as sentences. */
export function layerBreaks(files: readonly SourceFile[]): string[] {
  return files.flatMap(importsOf).filter((each) => each.to !== null).flatMap((each) => {
    const why = whyNot(each.from, each.to!);
    return why === null ? [] : [`${each.from} imports ${each.to}: ${why}`];
  });
}

function whyNot(from: string, to: string): string | null {
  const [fromTop, fromFolder] = from.split('/') as [string, string];
  const [toTop, toFolder] = to.split('/') as [string, string];
  if (fromTop === 'examples') return toTop === 'examples' && toFolder === fromFolder ? null : 'an example is an app of its own, and imports nothing of the project';
  if (fromTop === 'library') {
    const mayImport = ['library', 'shared'].includes(toTop) || libraryAdapters.includes(to);
    return mayImport ? null : `library may import only itself, shared and ${libraryAdapters.join(', ')}`;
  }
  const [fromElements, toElements] = [elementFolderOf(from), elementFolderOf(to)];
  if (fromElements !== null && toElements !== null && fromElements !== toElements && !elementImports[fromElements]?.includes(toElements)) {
    return `renderer/elements/${fromElements} may import only ${['itself', ...(elementImports[fromElements] ?? [])].join(', ')}`;
  }
  const [fromOrdered, toOrdered] = [orderedPlaceOf(from), orderedPlaceOf(to)];
  if (fromOrdered !== null && fromOrdered.room === toOrdered?.room) return whyNotInOrder(fromOrdered.room, fromOrdered.place, toOrdered.place);
  const [fromCli, toCli] = [cliPlaceOf(from), cliPlaceOf(to)];
  if (fromCli !== null && toCli !== null) return whyNotInCli(fromCli, toCli);
  if (fromTop !== 'shared') return toTop === fromTop || toTop === 'shared' ? null : `${fromTop} may import only itself and shared`;
  if (toTop !== 'shared') return 'shared may import only itself';
  if (fromFolder === toFolder || toFolder === 'ports' || toFolder === 'encoding') return null;
  if (fromFolder === 'encoding') return 'encoding may import only itself';
  if (fromFolder === 'ports') return toFolder === 'clocks' ? null : 'a port may import only clocks';
  const [at, reached] = [sharedOrder.indexOf(fromFolder), sharedOrder.indexOf(toFolder)];
  if (at < 0 || reached < 0) return `shared has the folders ${[...sharedOrder, 'encoding', 'ports'].join(', ')}`;
  return reached < at ? null : `shared/${fromFolder} comes before shared/${toFolder}`;
}

function whyNotInOrder(room: string, from: string, to: string): string | null {
  const { folders, root } = orderedRooms[room]!;
  if (from === to || from === root) return null;
  if (to === root) return `${root} puts all of ${room} together, and is imported from outside only`;
  if ([from, to].some((place) => !isFile(place) && !folders.includes(place))) return `${room} has the folders ${folders.join(', ')}`;
  if (isFile(to)) return null;
  return folders.indexOf(to) < folders.indexOf(from) ? null : `${room}/${from} comes before ${room}/${to}`;
}

function whyNotInCli(from: string, to: string): string | null {
  if (from === to || from === 'commands.ts' || isFile(to) || to === 'console') return null;
  const at = sharedCliOrder.indexOf(from);
  const reached = sharedCliOrder.indexOf(to);
  if (isFile(from)) return 'of the folders of server/cli, files beside them import only console';
  if (reached < 0) return `only commands.ts may import the folder of a command, server/cli/${to}`;
  return at < 0 || reached < at ? null : `server/cli/${from} comes before server/cli/${to}`;
}

function isFile(place: string): boolean {
  return place.endsWith('.ts');
}

/** Where in the command line a file lies: its folder, or its name where it lies in none; null of other files. */
function cliPlaceOf(path: string): string | null {
  return /^server\/cli\/([^/]+)/.exec(path)?.[1] ?? null;
}

/** Where in an ordered room a file lies: its folder, or its name where it lies in none; null of other files. */
function orderedPlaceOf(path: string): { readonly room: string; readonly place: string } | null {
  const [, room, place] = /^(\w+\/\w+)\/([^/]+)/.exec(path) ?? [];
  return room !== undefined && room in orderedRooms ? { room, place: place! } : null;
}

/** The folder of an element; '' of one that lies in none; null of other files. */
function elementFolderOf(path: string): string | null {
  const [top, elements, folder, file] = path.split('/');
  return top === 'renderer' && elements === 'elements' ? (file === undefined ? '' : folder!) : null;
}

/** Each cycle of imports once, as "a.ts → b.ts → a.ts". Imports of types alone count. */
export function importCycles(files: readonly SourceFile[]): string[] {
  const targets = new Map(files.map((file) => [file.path, importsOf(file).flatMap(({ to }) => (to === null ? [] : [to]))]));
  const finished = new Set<string>();
  const cycles: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    const at = trail.indexOf(path);
    if (at >= 0) return void cycles.push([...trail.slice(at), path].join(' → '));
    if (finished.has(path)) return;
    for (const next of targets.get(path) ?? []) visit(next, [...trail, path]);
    finished.add(path);
  };
  for (const path of targets.keys()) visit(path, []);
  return cycles;
}

/** The ports that have adapters. */
const ports = ['Clock', 'Random', 'Store', 'Transport', 'ReplicaConnection'];

/** Files with an adapter: a class that implements a port, or an exported function that returns one. */
export function adapterFiles(files: readonly SourceFile[]): string[] {
  return files.filter((file) => !file.path.startsWith('shared/ports/') && declaresAdapter(file)).map((file) => file.path);
}

function declaresAdapter(file: SourceFile): boolean {
  let found = false;
  walk(parsed(file), (node) => {
    if (ts.isHeritageClause(node) && node.token === ts.SyntaxKind.ImplementsKeyword) found ||= node.types.some((type) => ports.includes(type.expression.getText()));
    if (ts.isFunctionDeclaration(node) && node.modifiers?.some((each) => each.kind === ts.SyntaxKind.ExportKeyword)) {
      found ||= ports.includes(/^(?:Promise<)?(\w+)>?$/.exec(node.type?.getText() ?? '')?.[1] ?? '');
    }
  });
  return found;
}

/** Imports of an adapter by a file that is no composition root. */
export function adapterBreaks(files: readonly SourceFile[], adapters: readonly string[]): string[] {
  const named = (each: Import) => each.to !== null && adapters.includes(each.to) && !mayCompose(each.from) && !adapters.includes(each.from);
  return files.flatMap(importsOf).filter(named).map((each) => `${each.from} names the adapter ${each.to}; only a composition root may`);
}

/** The library hands on adapters. The simulator composes its own machine: clock, network and stores; scenarios run in it. The chances of a faulty link follow from its seed. */
function mayCompose(path: string): boolean {
  return path === 'main/main.ts' || path === 'server/control/lab.ts' || /^(library|renderer\/entry|server\/cli|shared\/network|shared\/simulation|shared\/scenarios|test|bench)\//.test(path);
}
