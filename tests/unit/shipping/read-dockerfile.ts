/** One instruction of a Dockerfile; `argument` is one line, without flags. */
export type Instruction = Readonly<{
  keyword: string;
  flags: Readonly<Record<string, string>>;
  argument: string;
  /** The argument in exec form, null where it is in shell form. */
  exec: readonly string[] | null;
}>;

/** The instructions in their order, continuation lines joined, comments left out. Heredocs are not understood. */
export function readDockerfile(text: string): readonly Instruction[] {
  const lines = text
    .split('\n')
    .filter((line) => !/^\s*(#|$)/.test(line))
    .join('\n')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n');
  return lines.map(readInstruction);
}

function readInstruction(line: string): Instruction {
  const [, keyword = '', rest = ''] = /^\s*(\S+)\s*(.*)$/.exec(line) ?? [];
  const [flagText = ''] = /^(--\S+\s+)*/.exec(rest) ?? [];
  const argument = rest.slice(flagText.length).trim();
  return { keyword: keyword.toUpperCase(), flags: readFlags(flagText), argument, exec: readExec(argument) };
}

function readFlags(text: string): Record<string, string> {
  const flags = text.split(/\s+/).filter((flag) => flag !== '');
  return Object.fromEntries(flags.map((flag) => [flag.replace(/=.*/, ''), flag.replace(/^[^=]*=?/, '')]));
}

function readExec(argument: string): readonly string[] | null {
  try {
    const value: unknown = JSON.parse(argument.replace(/^(CMD|NONE)\s+/, ''));
    return Array.isArray(value) && value.every((part) => typeof part === 'string') ? value : null;
  } catch {
    return null;
  }
}
