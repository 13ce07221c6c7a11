import type { Block, Inline, Parameter, StorageDocument } from './storage-arbitrary.ts';

/** Writes a document in storage format, as Confluence would. */
export function renderStorage(document: StorageDocument): string {
  return document.map(renderBlock).join('');
}

/** Writes a line of text in storage format. */
export function renderLine(line: readonly Inline[]): string {
  return line.map(renderInline).join('');
}

function renderBlock(block: Block): string {
  switch (block.kind) {
    case 'text':
      return `<${block.element}>${renderLine(block.content)}</${block.element}>`;
    case 'list':
      return `<${block.element}>${block.items.map((item) => `<li>${renderLine(item)}</li>`).join('')}</${block.element}>`;
    case 'table':
      return `<table><tbody>${block.rows.map(renderRow).join('')}</tbody></table>`;
    case 'code':
      return renderMacro(
        'code',
        block.parameters,
        `<ac:plain-text-body>${cdata(block.code)}</ac:plain-text-body>`,
      );
    case 'panel':
      return renderMacro(
        block.name,
        block.parameters,
        `<ac:rich-text-body>${renderStorage(block.body)}</ac:rich-text-body>`,
      );
    case 'pre':
      return `<pre>${escapeText(block.code)}</pre>`;
    case 'image':
      return `<ac:image ac:width="100" ac:align="center"><ri:attachment ri:filename="${escapeText(block.file)}"/></ac:image>`;
  }
}

function renderRow(row: readonly (readonly Inline[])[]): string {
  return `<tr>${row.map((cell) => `<td>${renderLine(cell)}</td>`).join('')}</tr>`;
}

function renderInline(inline: Inline): string {
  switch (inline.kind) {
    case 'words':
      return escapeText(inline.text);
    case 'dressed':
      return `<${inline.element}>${renderLine(inline.content)}</${inline.element}>`;
    case 'link':
      return (
        `<ac:link><ri:page ri:space-key="X" ri:content-title="${escapeText(inline.page)}" />` +
        `<ac:plain-text-link-body>${cdata(inline.label)}</ac:plain-text-link-body></ac:link>`
      );
    case 'anchor':
      return `<a href="${escapeText(inline.href)}" class="external-link">${renderLine(inline.content)}</a>`;
    case 'status':
      return renderMacro('status', inline.parameters, '');
    case 'break':
      return '<br />';
  }
}

function renderMacro(name: string, parameters: readonly Parameter[], body: string): string {
  const attributes = `ac:name="${escapeText(name)}" ac:schema-version="1" ac:macro-id="0f-1"`;
  const given = parameters.map(
    (parameter) =>
      `<ac:parameter ac:name="${escapeText(parameter.name)}">${escapeText(parameter.value)}</ac:parameter>`,
  );
  return `<ac:structured-macro ${attributes}>${given.join('')}${body}</ac:structured-macro>`;
}

/** Ends and begins the section anew within `]]>`, as Confluence does. */
function cdata(text: string): string {
  return `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
}

function escapeText(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\u00a0', '&nbsp;');
}
