/** The law between rooms (docs/ARCHITECTURE.md). A rule's name says what was broken; the comment says why it exists. */
const pure = '(state|transition|back-off|policy|activity)\\.ts$';

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'contract-imports-only-zod',
      severity: 'error',
      from: { path: '^contract/' },
      to: { pathNot: ['^contract/', '^node_modules/zod/'] },
    },
    {
      name: 'renderer-only-contract-and-browser',
      comment: 'The same pages serve a plain browser: no node, no engine.',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { path: '^(engine|cli|simulator|electron|build|tests)/' },
    },
    {
      name: 'strings-only-contract',
      comment: 'The catalogue of messages serves shell and page alike.',
      severity: 'error',
      from: { path: '^strings/' },
      to: { pathNot: ['^contract/', '^strings/'] },
    },
    {
      name: 'electron-through-the-api',
      comment:
        'The shell is a client of the engine: it starts the built program and talks HTTP. It is bundled for an older Node.',
      severity: 'error',
      from: { path: '^electron/' },
      to: { path: '^(engine|renderer|cli|simulator|build|tests)/' },
    },
    {
      name: 'shell-decides-without-electron',
      comment:
        'What the shell decides (menus, tooltips, bounds, notifications, links, host state) is pure and tested without Electron.',
      severity: 'error',
      from: {
        path: '^electron/.+/(state|situation|menu-template|tooltip|icon-of-state|icon-file|bounds|decide|links|support|release-notes)[.]ts$',
      },
      to: { path: ['^node_modules/electron', '^electron$'], dependencyTypesNot: ['type-only'] },
    },
    { name: 'renderer-no-node', severity: 'error', from: { path: '^renderer/' }, to: { dependencyTypes: ['core'] } },
    {
      name: 'engine-only-contract',
      comment:
        'The engine runs headless: no electron, no page, no command line, no simulator (it is another process). What it adds to ComfyUI’s page has a rule of its own.',
      severity: 'error',
      from: { path: '^engine/', pathNot: '^engine/comfyui/extension/' },
      to: { path: '^(renderer|cli|simulator|electron|strings|build|tests)/' },
    },
    {
      name: 'page-extension-alone',
      comment:
        "It runs in ComfyUI's page: the contract's types, its words and the pure sums of money, no node, no other room, and no package (it is one small script).",
      severity: 'error',
      from: { path: '^engine/comfyui/extension/' },
      to: {
        pathNot: [
          '^engine/comfyui/extension/',
          '^contract/',
          '^strings/(en|de)/comfyui-page\\.ts$',
          '^engine/money/budget\\.ts$',
          '^comfyui/scripts/app\\.js$',
        ],
      },
    },
    {
      name: 'page-extension-types-of-the-contract',
      comment: 'Its schemas would bring all of zod into the page.',
      severity: 'error',
      from: { path: '^engine/comfyui/extension/' },
      to: { path: '^contract/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'nobody-imports-the-page-extension',
      severity: 'error',
      from: { path: '^(engine|cli|renderer|electron|simulator)/', pathNot: '^engine/comfyui/extension/' },
      to: { path: '^engine/comfyui/extension/' },
    },
    {
      name: 'only-electron-imports-electron',
      severity: 'error',
      from: { pathNot: '^electron/' },
      to: { path: '^(node_modules/electron/|electron$)' },
    },
    {
      name: 'cli-through-contract-or-entry',
      comment: 'The command line is a thin client of the API; `serve` alone starts the engine, by its entry.',
      severity: 'error',
      from: { path: '^cli/' },
      to: { path: '^(renderer|simulator|electron|build|tests)/|^engine/(?!main\\.ts|platform/paths\\.ts)' },
    },
    {
      name: 'simulator-alone',
      comment: 'The simulator stands for ComfyUI and RunPod: knowing Stoker would make it a mirror.',
      severity: 'error',
      from: { path: '^simulator/' },
      to: { path: '^(engine|renderer|cli|electron|contract|build|tests)/' },
    },
    {
      name: 'rooms-do-not-know-the-api',
      severity: 'error',
      from: {
        path: '^engine/(supervisor|gateway|idle|gpu|comfyui|courtesy|jobs|targets|money|preflight|savings|offload|gallery|page-store|platform)/',
      },
      to: { path: '^engine/(api/|wiring/|engine\\.ts|main\\.ts)' },
    },
    {
      name: 'platform-knows-no-room',
      severity: 'error',
      from: { path: '^engine/platform/' },
      to: { path: '^engine/(?!platform/)' },
    },
    {
      name: 'pure-files-import-contract-alone',
      comment: 'State machines and policies are pure: time and facts come in as arguments.',
      severity: 'error',
      from: { path: `^engine/[^/]+/${pure}` },
      to: { pathNot: ['^contract/', '^engine/platform/assert-never\\.ts$', `^engine/[^/]+/${pure}`] },
    },
    {
      name: 'sqlite-in-one-file',
      severity: 'error',
      from: { pathNot: '^engine/platform/database\\.ts$' },
      to: { path: 'node_modules/@photostructure/sqlite' },
    },
    {
      name: 'no-dev-dependency-in-product',
      severity: 'error',
      from: { path: '^(contract|engine|cli|simulator)/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.js', '.mjs'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
