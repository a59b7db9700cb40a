import { describe, expect, it } from 'vitest';
import { extraModelPaths } from '../../../../../simulator/comfyui/process/extra-model-paths.ts';

const paths = (text: string) =>
  extraModelPaths(text, '/home/me/extra.yaml').map(({ type, folder }) => `${type} ${folder}`);

describe('extra model paths', () => {
  it('hang on the base path of their section', () => {
    const text = 'a:\n  base_path: /models\n  checkpoints: ckpt\n  vae: /abs/vae\nb:\n  loras: mine\n';
    expect(paths(text)).toEqual(['checkpoints /models/ckpt', 'vae /abs/vae', 'loras /home/me/mine']);
  });

  it('come in blocks of several folders', () => {
    expect(paths('a:\n  base_path: /m\n  loras: |\n    one\n    two\n  vae: v\n')).toEqual([
      'loras /m/one',
      'loras /m/two',
      'vae /m/v',
    ]);
  });

  it('may go by the old names of their types', () => {
    expect(paths('a:\n  clip: c\n  unet: u\n')).toEqual(['text_encoders /home/me/c', 'diffusion_models /home/me/u']);
  });

  it('are not taken from comments, quotes or switches', () => {
    expect(paths('# a:\na:\n  is_default: true\n  vae: "v" # here\n\n')).toEqual(['vae /home/me/v']);
  });

  it('may hang on a base path beside the file', () => {
    expect(paths('a:\n  base_path: rel\n  vae: v\n')).toEqual(['vae /home/me/rel/v']);
  });
});
