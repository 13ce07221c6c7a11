import ts from 'typescript';
import { findEdgeNames } from './find-edge-names.ts';
import { findImports } from './find-imports.ts';
import { judgeImport } from './judge-import.ts';
import { edgeRooms, exceptions } from './law.ts';
import { roomOf } from './room-of.ts';

/** A source file: its path from the root of the repository, with slashes, and its text. */
export type SourceText = Readonly<{ path: string; text: string }>;

/** A place that breaks the law: `src/sync/x.ts:3`, what stands there, and the law it breaks. */
export type Breach = Readonly<{ place: string; found: string; law: string }>;

/** Every place in the sources that breaks the law of the rooms, in the order of the files. */
export function findBreaches(sources: readonly SourceText[]): readonly Breach[] {
  return sources.flatMap(({ path, text }) => {
    const file = ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true, ts.ScriptKind.TS);
    return [...findBadImports(path, file), ...findBadNames(path, file)];
  });
}

function findBadImports(path: string, file: ts.SourceFile): Breach[] {
  return findImports(file).flatMap(({ specifier, line }) => {
    const law = judgeImport(path, specifier);
    return law === null || isExcepted(path, specifier)
      ? []
      : [{ place: `${path}:${String(line)}`, found: specifier, law }];
  });
}

function findBadNames(path: string, file: ts.SourceFile): Breach[] {
  if (edgeRooms.includes(roomOf(path))) return [];
  return findEdgeNames(file)
    .filter(({ name }) => !isExcepted(path, name))
    .map(({ name, line }) => ({
      place: `${path}:${String(line)}`,
      found: name,
      law: `${name} appears only in ${edgeRooms.join(' and ')}: elsewhere time, chance and the process come in as a port`,
    }));
}

function isExcepted(path: string, name: string): boolean {
  return Object.hasOwn(exceptions, `${path} ${name}`);
}
