/** The menu of the right mouse button for text, links and pictures. ComfyUI's canvas brings its own, and then this one is not asked. */
import { type ContextMenuParams, clipboard, Menu, type MenuItemConstructorOptions, type WebContents } from 'electron';
import type { WindowsWords } from '../../strings/en/windows.ts';

export function offerContextMenu(contents: WebContents, words: () => WindowsWords, openOutside: (url: string) => void) {
  contents.on('context-menu', (_event, params) => {
    const groups = [
      textItems(params, words()),
      linkItems(params, words(), openOutside),
      pictureItems(params, words(), contents),
    ].filter((group) => group.length > 0);
    if (groups.length === 0) return;
    const template = groups.flatMap((group, index) =>
      index === 0 ? group : [{ type: 'separator' as const }, ...group],
    );
    Menu.buildFromTemplate(template).popup();
  });
}

function textItems(params: ContextMenuParams, { menu }: WindowsWords): MenuItemConstructorOptions[] {
  const { editFlags } = params;
  if (params.isEditable) {
    return [
      { role: 'cut', label: menu.cut, enabled: editFlags.canCut },
      { role: 'copy', label: menu.copy, enabled: editFlags.canCopy },
      { role: 'paste', label: menu.paste, enabled: editFlags.canPaste },
      { role: 'selectAll', label: menu.selectAll, enabled: editFlags.canSelectAll },
    ];
  }
  return params.selectionText.trim() === '' ? [] : [{ role: 'copy', label: menu.copy }];
}

function linkItems(
  { linkURL }: ContextMenuParams,
  { contextMenu }: WindowsWords,
  openOutside: (url: string) => void,
): MenuItemConstructorOptions[] {
  if (!/^https?:/.test(linkURL)) return [];
  return [
    { label: contextMenu.openLink, click: () => openOutside(linkURL) },
    { label: contextMenu.copyLink, click: () => clipboard.writeText(linkURL) },
  ];
}

function pictureItems(
  params: ContextMenuParams,
  { contextMenu }: WindowsWords,
  contents: WebContents,
): MenuItemConstructorOptions[] {
  if (params.mediaType !== 'image' || !params.hasImageContents) return [];
  return [
    { label: contextMenu.saveImage, click: () => contents.downloadURL(params.srcURL) },
    { label: contextMenu.copyImage, click: () => contents.copyImageAt(params.x, params.y) },
  ];
}
