import { builtinModules } from 'node:module';
import { posix } from 'node:path';
import { edgeBuiltins, edgeRooms, layers, packageRooms, pureBuiltins, pureRooms } from './law.ts';
import { roomOf } from './room-of.ts';

/** The law that `specifier`, imported by the file at `path`, breaks; null where it breaks none. */
export function judgeImport(path: string, specifier: string): string | null {
  const room = roomOf(path);
  if (depthOf(room) === -1) return `${path} stands in no room: the rooms are ${layers.flat().join(', ')}`;
  if (specifier === '?') return 'an import names its module as a string';
  if (specifier.startsWith('.')) return judgeFile(room, posix.join(posix.dirname(path), specifier));
  if (specifier.startsWith('node:')) return judgeBuiltin(room, specifier);
  return judgePackage(room, specifier);
}

function judgeFile(room: string, target: string): string | null {
  const other = roomOf(target);
  if (!target.startsWith('src/')) return 'src uses nothing of the repository but src';
  if (depthOf(other) === -1) return `${target} stands in no room`;
  if (other === room) return null;
  if (depthOf(other) === depthOf(room)) return `${room} and ${other} are siblings: they never see each other`;
  return depthOf(other) > depthOf(room) ? null : `${room} never sees ${other}: ${drawLaw()}`;
}

function judgeBuiltin(room: string, specifier: string): string | null {
  if (pureRooms.includes(room) && !pureBuiltins.includes(specifier)) {
    return `${room} does no I/O: of Node it uses only ${pureBuiltins.join(', ')}`;
  }
  if (edgeBuiltins.includes(specifier) && !edgeRooms.includes(room)) {
    return `${specifier} is used only in ${edgeRooms.join(' and ')}`;
  }
  return null;
}

function judgePackage(room: string, specifier: string): string | null {
  const name = specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
  if (builtinModules.includes(specifier)) return `a part of Node is imported as node:${specifier}`;
  const rooms = packageRooms[name];
  if (rooms === undefined) return `${name} has no room: say in the law where it lives`;
  return rooms.includes(room) ? null : `${name} is used only in ${rooms.join(', ')}`;
}

function depthOf(room: string): number {
  return layers.findIndex((layer) => layer.includes(room));
}

function drawLaw(): string {
  return layers.map((layer) => (layer.length === 1 ? layer.join() : `{ ${layer.join(', ')} }`)).join(' -> ');
}
