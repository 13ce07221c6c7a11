/** The room of a file under src/: its folder, or its own name where it stands in src/ itself. */
export function roomOf(path: string): string {
  const [, room = ''] = /^src\/([^/]+?)(?:\.ts$|\/)/.exec(path) ?? [];
  return room;
}
