/** Release notes as plain text: they come from a server, often as HTML, and no page of ours shows foreign HTML. Pure. */

export type ReleaseNotes =
  | string
  | readonly { readonly version: string; readonly note: string | null }[]
  | null
  | undefined;

const MAX_CHARACTERS = 10_000;

export function plainNotes(notes: ReleaseNotes): string {
  const text =
    typeof notes === 'string' || notes == null
      ? plainText(notes ?? '')
      : notes.map(({ version, note }) => `${version}\n${plainText(note ?? '')}`).join('\n\n');
  return text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS)}…` : text;
}

function plainText(html: string): string {
  return html
    .replace(/\r/g, '')
    .replace(/<(script|style)\b[\s\S]*?<\/\1>/gi, '')
    .replace(/<li\b[^>]*>/gi, '\n• ')
    .replace(/<\/(p|div|h[1-6]|ul|ol|pre|blockquote)>|<br\s*\/?>/gi, '\n')
    .replace(/<[^>]*>/g, '')
    .replace(/&(lt|gt|quot|#39|nbsp|amp);/g, (_, name: string) => ENTITY[name] ?? '')
    .replace(/[ \t]+\n/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

const ENTITY: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', '#39': "'", nbsp: ' ', amp: '&' };
