import ts from 'typescript';
import { edgeNames } from './law.ts';

/** A name of the edge as it is used, and in which line. */
export type EdgeName = Readonly<{ name: string; line: number }>;

/** Every use of the process, the clock or chance in a file. A name the file declares itself is its own; types do not count. */
export function findEdgeNames(file: ts.SourceFile): readonly EdgeName[] {
  const declared = findDeclaredNames(file);
  const found: EdgeName[] = [];
  visit(file);
  return found;

  function visit(node: ts.Node): void {
    if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return;
    const name = nameOf(node, declared);
    if (name !== null)
      found.push({ name, line: file.getLineAndCharacterOfPosition(node.getStart()).line + 1 });
    else ts.forEachChild(node, visit);
  }
}

function nameOf(node: ts.Node, declared: ReadonlySet<string>): string | null {
  if (isDateOfNow(node)) return 'new Date()';
  const path = pathOf(node);
  if (path === null) return null;
  const global = path.replace(/^globalThis\./, '');
  const name = edgeNames.find((edge) => global === edge || global.startsWith(`${edge}.`));
  const isOwn = path === global && declared.has(global.split('.')[0] ?? '');
  return name === undefined || isOwn ? null : name;
}

/** Both `new Date()` and `Date()` tell the time. */
function isDateOfNow(node: ts.Node): boolean {
  if (ts.isNewExpression(node))
    return pathOf(node.expression) === 'Date' && (node.arguments ?? []).length === 0;
  return ts.isCallExpression(node) && pathOf(node.expression) === 'Date';
}

/** `a.b.c` for a name that is used as a value, whether written with dots or with brackets and strings. */
function pathOf(node: ts.Node): string | null {
  if (ts.isIdentifier(node)) return isValue(node) ? node.text : null;
  if (ts.isPropertyAccessExpression(node)) return join(pathOf(node.expression), node.name.text);
  if (ts.isElementAccessExpression(node) && ts.isStringLiteralLike(node.argumentExpression)) {
    return join(pathOf(node.expression), node.argumentExpression.text);
  }
  return null;
}

function join(left: string | null, right: string): string | null {
  return left === null ? null : `${left}.${right}`;
}

/** Not the right side of a dot, the key of a property or the name of a declaration. */
function isValue(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isShorthandPropertyAssignment(parent)) return true;
  if (ts.isBindingElement(parent)) return parent.initializer === node;
  if (ts.isImportSpecifier(parent) || ts.isExportSpecifier(parent)) return false;
  return !('name' in parent && parent.name === node);
}

function findDeclaredNames(file: ts.SourceFile): ReadonlySet<string> {
  const names = new Set<string>();
  visit(file);
  return names;

  function visit(node: ts.Node): void {
    const isBinding = ts.isVariableDeclaration(node) || ts.isParameter(node) || ts.isBindingElement(node);
    const isNamed = ts.isFunctionDeclaration(node) || ts.isImportSpecifier(node) || ts.isImportClause(node);
    if ((isBinding || isNamed) && node.name !== undefined && ts.isIdentifier(node.name))
      names.add(node.name.text);
    ts.forEachChild(node, visit);
  }
}
