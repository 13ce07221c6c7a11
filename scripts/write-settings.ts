/**
 * Writes `.env.example` and the settings table of the README from the one list of settings. With `--check` it writes nothing and
 * ends with 1 when either is out of date.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { settings } from '../src/config/settings.ts';

type Described = Readonly<{ help: string; default: string | null; shownDefault?: string; secret?: true }>;

const described: readonly (readonly [string, Described])[] = Object.entries(settings);
const README_PART = /(<!-- settings -->\n)[\s\S]*?(<!-- end of settings -->)/;

function environmentExample(): string {
  const head =
    '# Settings of confluence-sync. Copy to .env and fill in; the real environment wins over this file.\n';
  const secret = ' Also as a file: NAME_FILE.';
  return described.reduce((text, [name, setting]) => {
    const help = `${setting.help.replaceAll('`', '')}.${setting.secret === true ? secret.replace('NAME', name) : ''}`;
    const value = setting.default === null ? `#${name}=` : `#${name}=${setting.default}`;
    return `${text}\n# ${help}\n${value}\n`;
  }, head);
}

function settingsTable(): string {
  const rows = described.map(([name, setting]) => {
    const shown = setting.default === null ? (setting.shownDefault ?? '–') : `\`${setting.default}\``;
    return `| \`${name}\`${setting.secret === true ? ' (secret)' : ''} | ${shown} | ${setting.help} |`;
  });
  return ['| Name | Default | Meaning |', '| --- | --- | --- |', ...rows].join('\n');
}

async function readme(): Promise<string> {
  const text = readFileSync('README.md', 'utf8');
  if (!README_PART.test(text)) throw new Error('README.md has no place for the settings table');
  const filled = text.replace(
    README_PART,
    (_whole, start: string, end: string) => `${start}\n${settingsTable()}\n\n${end}`,
  );
  return await format(filled, { ...(await resolveConfig('README.md')), parser: 'markdown' });
}

const wanted = { '.env.example': environmentExample(), 'README.md': await readme() };
const isCheck = process.argv.includes('--check');
for (const [file, text] of Object.entries(wanted)) {
  let written = '';
  try {
    written = readFileSync(file, 'utf8');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
  if (written === text) continue;
  if (isCheck) {
    console.error(`${file} is out of date: run npm run settings`);
    process.exitCode = 1;
  } else writeFileSync(file, text);
}
