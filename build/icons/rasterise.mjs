/** SVG text to PNG pixels by the system's Chromium: it draws masks and gradients as designers expect, ImageMagick does not. */
import { chromium } from 'playwright-core';

/** @returns {Promise<{ png(svg: string, size: number): Promise<Buffer>, close(): Promise<void> }>} */
export async function openRasteriser() {
  const browser = await chromium.launch({
    executablePath: process.env.STOKER_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox'],
  });
  const page = await browser.newPage();
  return {
    async png(svg, size) {
      const base64 = await page.evaluate(
        async ({ text, side }) => {
          const image = new Image();
          image.src = `data:image/svg+xml,${encodeURIComponent(text)}`;
          await image.decode();
          const canvas = new OffscreenCanvas(side, side);
          canvas.getContext('2d').drawImage(image, 0, 0, side, side);
          const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer());
          return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
        },
        { text: svg, side: size },
      );
      return Buffer.from(base64, 'base64');
    },
    close: () => browser.close(),
  };
}
