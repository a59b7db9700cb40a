/** The workflows the page offers, in API format. Each run differs from the last, so that nothing comes from the cache. */

const seed = () => Math.floor(Math.random() * 1e9);
const node = (class_type, inputs) => ({ class_type, inputs });

export const workflows = [
  {
    id: 'picture',
    title: 'Plain picture',
    about: 'Fills a picture with the colour, scales, blurs and saves it.',
    build: ({ colour }) => ({
      1: node('EmptyImage', { width: 256, height: 256, batch_size: 1, color: colour }),
      2: node('ImageScale', { image: ['1', 0], upscale_method: 'lanczos', width: 512, height: 384, crop: 'disabled' }),
      3: node('ImageBlur', { image: ['2', 0], blur_radius: 5, sigma: 1 }),
      4: node('SaveImage', { images: ['3', 0], filename_prefix: `simulated_${seed()}` }),
    }),
  },
  {
    id: 'slow',
    title: 'Slow job with previews',
    about: 'Takes the given seconds in ten steps and shows a preview after each.',
    takesSeconds: true,
    build: ({ colour, seconds }) => ({
      1: node('EmptyImage', { width: 512, height: 512, batch_size: 1, color: colour }),
      2: node('LabSlow', { image: ['1', 0], seconds, steps: 10, seed: seed(), preview: true }),
      3: node('SaveImage', { images: ['2', 0], filename_prefix: 'simulated_slow' }),
    }),
  },
  {
    id: 'inverted',
    title: 'Inverted preview',
    about: 'Inverts the colour and keeps the picture in the temporary folder only.',
    build: ({ colour }) => ({
      1: node('EmptyImage', { width: 384, height: 384, batch_size: 1, color: colour }),
      2: node('ImageInvert', { image: ['1', 0] }),
      3: node('PreviewImage', { images: ['2', 0] }),
    }),
  },
  {
    id: 'failing',
    title: 'Failing job',
    about: 'Ends with an error in its second node.',
    build: ({ colour }) => ({
      1: node('EmptyImage', { width: 64, height: 64, batch_size: 1, color: colour }),
      2: node('LabFail', { image: ['1', 0], message: 'told to fail', seed: seed() }),
      3: node('SaveImage', { images: ['2', 0], filename_prefix: 'simulated_failed' }),
    }),
  },
];
