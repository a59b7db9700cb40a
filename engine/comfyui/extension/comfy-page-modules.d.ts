/** The build leaves this import to the page, which serves it below its own address. */
declare module 'comfyui/scripts/app.js' {
  export const app: import('./comfy-page.ts').ComfyPage;
}
