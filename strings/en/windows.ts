/** Words of the shell's windows: titles, menus, the page that stands in while Stoker does not answer, downloads, questions. */

export const windowsWords = {
  language: 'en',
  dashboard: 'Stoker',
  comfyui: 'ComfyUI',

  /** After the name of the window: "ComfyUI – busy, 3 waiting". */
  state: {
    asleep: 'asleep',
    waking: 'waking',
    wakingPhase: (phase: string) => `waking: ${phase}`,
    ready: 'ready',
    busy: 'busy',
    busyWaiting: (waiting: number) => `busy, ${waiting.toLocaleString('en')} waiting`,
    stopping: 'going to sleep',
    crashed: 'crashed, starts again',
    failed: 'failed',
    yielded: 'the card is lent out',
    engineStarting: 'Stoker is starting',
    engineRestarting: 'Stoker is starting again',
    engineGone: 'Stoker is not running',
  },
  phase: {
    launching: 'launching',
    python: 'Python',
    torch: 'PyTorch',
    customNodes: 'custom nodes',
    server: 'server',
  },
  downloading: (percent: number | null) => (percent === null ? 'downloading' : `downloading ${percent} %`),

  menu: {
    file: 'File',
    openComfyui: 'Open ComfyUI',
    openDashboard: 'Open Dashboard',
    openInBrowser: 'Open in Browser',
    openDownloads: 'Show Downloads',
    settings: 'Settings…',
    closeWindow: 'Close Window',
    quit: 'Quit Stoker',
    edit: 'Edit',
    undo: 'Undo',
    redo: 'Redo',
    cut: 'Cut',
    copy: 'Copy',
    paste: 'Paste',
    pasteAsText: 'Paste as Plain Text',
    selectAll: 'Select All',
    view: 'View',
    reload: 'Reload',
    forceReload: 'Reload without Cache',
    actualSize: 'Actual Size',
    zoomIn: 'Zoom In',
    zoomOut: 'Zoom Out',
    fullScreen: 'Full Screen',
    developerTools: 'Developer Tools',
    window: 'Window',
    minimise: 'Minimise',
    zoomWindow: 'Zoom',
    bringAllToFront: 'Bring All to Front',
    help: 'Help',
    checkInstallation: 'Check the Installation',
    showLog: 'Show the Log',
    about: 'About Stoker',
    services: 'Services',
    hide: 'Hide Stoker',
    hideOthers: 'Hide Others',
    showAll: 'Show All',
  },

  contextMenu: {
    openLink: 'Open Link in Browser',
    copyLink: 'Copy Link Address',
    saveImage: 'Save Image',
    copyImage: 'Copy Image',
  },

  /** The page that stands in the window instead of the engine's. */
  notice: {
    starting: {
      title: 'Stoker is starting',
      message: 'This page opens by itself in a moment.',
    },
    restarting: {
      title: 'Stoker does not answer',
      message: 'It is being started again. This page opens by itself as soon as it answers.',
    },
    gaveUp: {
      title: 'Stoker is not running',
      message: 'It ended several times in a row and is not started again by itself.',
      action: 'Try again',
    },
    unreachable: {
      title: 'This page could not be loaded',
      message: 'Stoker did not answer. The window keeps trying and opens the page as soon as it does.',
    },
    crashed: {
      title: 'This page has crashed',
      message: 'Its process ended unexpectedly. Stoker and ComfyUI are not affected: work in the queue goes on.',
      outOfMemory: 'It used up its memory. Stoker and ComfyUI are not affected: work in the queue goes on.',
      action: 'Load the page again',
    },
    details: 'Reason',
  },

  unsaved: {
    message: 'Leave this page with unsaved changes?',
    detail: 'There are changes on the page that are not saved. Leaving may discard them.',
    leave: 'Leave',
    stay: 'Stay',
  },
  unresponsive: {
    message: 'This page does not react',
    detail: 'It may be busy. Loading it again discards unsaved changes; work in the queue goes on.',
    wait: 'Wait',
    reload: 'Load again',
  },

  download: {
    done: 'Download finished',
    doneBody: (name: string) => `${name}. Click to show it in its folder.`,
    failed: 'Download failed',
    failedBody: (name: string, reason: string) => `${name}: ${reason}`,
    interrupted: 'The connection was lost, or the disk is full. Please try again.',
  },
};

export type WindowsWords = typeof windowsWords;
