/** Names, sizes and forms that files must have. */
import ts from 'typescript';
import { parsed, type SourceFile, walk } from './source-files.ts';

const emptyNames = ['utils', 'util', 'helpers', 'helper', 'common', 'types', 'misc'];

/** Files whose names are not kebab-case, or say nothing. */
export function badNames(paths: readonly string[]): string[] {
  return paths.flatMap((path) => {
    const name = path.split('/').at(-1)!;
    const stem = name.split('.')[0]!;
    if (emptyNames.includes(stem)) return [`${path}: "${stem}" says nothing about what is in it`];
    return /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9-]+)+$/.test(name) ? [] : [`${path}: file names are kebab-case`];
  });
}

export function enums(files: readonly SourceFile[]): string[] {
  const found: string[] = [];
  for (const file of files) walk(parsed(file), (node) => void (ts.isEnumDeclaration(node) && found.push(`${file.path}: enum ${node.name.text}; use a union of strings`)));
  return found;
}

/** Names that more than one file exports, as sentences. What a file passes on from another one does not count. */
export function exportedTwice(files: readonly SourceFile[]): string[] {
  const exporters = new Map<string, Set<string>>();
  for (const file of files) {
    for (const name of exportedNames(parsed(file))) exporters.set(name, (exporters.get(name) ?? new Set()).add(file.path));
  }
  return [...exporters].flatMap(([name, paths]) => (paths.size < 2 ? [] : [`${name} is exported by ${[...paths].join(' and ')}: one name, one meaning`]));
}

/** What is declared here for others. */
function exportedNames(source: ts.SourceFile): string[] {
  const names: string[] = [];
  const add = (name: ts.Node): void => {
    if (ts.isIdentifier(name)) names.push(name.text);
    else if (ts.isObjectBindingPattern(name) || ts.isArrayBindingPattern(name)) for (const element of name.elements) if (ts.isBindingElement(element)) add(element.name);
  };
  for (const statement of source.statements) {
    if (ts.isExportDeclaration(statement) && !statement.moduleSpecifier && statement.exportClause && ts.isNamedExports(statement.exportClause)) {
      for (const { name } of statement.exportClause.elements) add(name);
    }
    if (!ts.canHaveModifiers(statement) || !statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) continue;
    if (ts.isVariableStatement(statement)) for (const { name } of statement.declarationList.declarations) add(name);
    else if ('name' in statement && statement.name) add(statement.name as ts.Node);
  }
  return names;
}

export const linesMax = 400;

export function tooLong(files: readonly SourceFile[], max = linesMax): string[] {
  return files.flatMap(({ path, text }) => {
    const lines = text.split('\n').length;
    return lines > max ? [`${path} has ${lines} lines; ${max} is the most, 300 the aim`] : [];
  });
}

/** Numbered rules such as [LWW3] that a text states, at the start of a list item. */
export function rulesIn(specification: string): string[] {
  return [...specification.matchAll(/^[-*] \[([A-Z]+[0-9]+)\]/gm)].map((match) => match[1]!);
}

/** The rules that no title of a test quotes. */
export function untested(rules: readonly string[], tests: readonly SourceFile[]): string[] {
  const titles = tests.flatMap(testTitles).join('\n');
  return rules.filter((rule) => !titles.includes(`[${rule}]`));
}

function testTitles(file: SourceFile): string[] {
  const titles: string[] = [];
  walk(parsed(file), (node) => {
    if (ts.isCallExpression(node) && /^(test(Runs)?|it|describe)\b/.test(node.expression.getText()) && node.arguments[0] !== undefined) titles.push(node.arguments[0].getText());
  });
  return titles;
}
