import ts from 'typescript';

/** What a file asks for, and in which line; `?` stands for a specifier that is not written down as a string. */
export type Import = Readonly<{ specifier: string; line: number }>;

/** Everything a file imports or re-exports, types and dynamic imports included. */
export function findImports(file: ts.SourceFile): readonly Import[] {
  const found: Import[] = [];
  visit(file);
  return found;

  function visit(node: ts.Node): void {
    const specifier = specifierOf(node);
    if (specifier !== undefined) {
      found.push({
        specifier: textOf(specifier),
        line: file.getLineAndCharacterOfPosition(node.getStart()).line + 1,
      });
    }
    ts.forEachChild(node, visit);
  }
}

function specifierOf(node: ts.Node): ts.Node | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier;
  if (ts.isExternalModuleReference(node)) return node.expression;
  if (ts.isImportTypeNode(node)) return node.argument;
  return ts.isCallExpression(node) && isLoader(node.expression) ? (node.arguments[0] ?? node) : undefined;
}

function isLoader(called: ts.Expression): boolean {
  return (
    called.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(called) && called.text === 'require')
  );
}

function textOf(specifier: ts.Node): string {
  const literal = ts.isLiteralTypeNode(specifier) ? specifier.literal : specifier;
  return ts.isStringLiteralLike(literal) ? literal.text : '?';
}
