/** Where the files of test/ lie: it mirrors the source, folder by folder. */

/** The folders of test/ that mirror the source folders of the same names. */
export const mirroredFolders = ['library', 'main', 'renderer', 'server', 'shared', 'tools'];

/** The other folders of test/, whose tests are of no single source folder. */
export const ownFolders = [
  'contracts',
  'simulation',
  'browser',
  'electron',
  'redis',
  'tidy',
  'support',
];

/** The files of test/ that are in a wrong folder, as sentences. `paths` are sources and tests. */
export function misplacedTests(paths: readonly string[]): string[] {
  const sourceFolders = new Set(paths.filter((path) => !path.startsWith('test/')).map(folderOf));
  return paths.flatMap((path) => {
    const [top, folder] = path.split('/') as [string, string];
    if (top !== 'test' || ownFolders.includes(folder)) return [];
    if (path === `test/${folder}`) return [`${path} lies directly in test: move it to a folder`];
    if (!mirroredFolders.includes(folder)) return [`${path}: test has no folder ${folder}`];
    const source = folderOf(path).slice('test/'.length);
    return sourceFolders.has(source) ? [] : [`${path}: ${source} has no source file of its own`];
  });
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}
