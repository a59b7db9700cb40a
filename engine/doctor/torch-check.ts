/** Can torch be loaded, and does it see a GPU? Runs the installation's own Python for a moment; holds no VRAM. */
import { z } from 'zod';
import { type Check, ok, problem, skipped, type Verdict, warning } from './check.ts';

/** Loading torch from a cold disk takes 5 to 15 s; a report shall take no longer than 20. */
const TIMEOUT_MS = 18_000;
/** Before the answer: what sitecustomize or a plugin of torch prints must not be read for it. */
const MARK = 'stoker-torch ';

const SCRIPT = `
import json
answer = {}
try:
    import torch
    answer = {
        "torch": torch.__version__,
        "cuda": torch.version.cuda,
        "hip": getattr(torch.version, "hip", None),
        "mps": bool(getattr(torch.backends, "mps", None) and torch.backends.mps.is_available()),
        "xpu": bool(hasattr(torch, "xpu") and torch.xpu.is_available()),
        "gpus": torch.cuda.device_count() if torch.cuda.is_available() else 0,
    }
except BaseException as error:
    answer = {"error": type(error).__name__ + ": " + str(error)}
print("${MARK}" + json.dumps(answer))
`;

const AnswerSchema = z.union([
  z.object({ error: z.string() }),
  z.object({
    torch: z.string(),
    cuda: z.string().nullable(),
    hip: z.string().nullable(),
    mps: z.boolean(),
    xpu: z.boolean(),
    gpus: z.number().int(),
  }),
]);
export type TorchAnswer = z.infer<typeof AnswerSchema>;

export const torchCheck: Check = {
  id: 'torch',
  title: 'PyTorch',

  async examine({ subject, settings, run }) {
    if (subject.kind !== 'folder') return skipped(subject.why);
    if (subject.python.kind === 'missing') return skipped('There is no Python to ask.');
    const { python } = subject.python;
    const outcome = await run(python, ['-c', SCRIPT], {
      timeoutMs: TIMEOUT_MS,
      workingFolder: subject.folder,
      // Counts the cards through the driver's management library: without a CUDA context, which would take VRAM.
      environment: { ...settings.installation.environment, PYTORCH_NVML_BASED_CUDA_CHECK: '1' },
    });
    if (outcome.kind === 'timedOut') {
      return warning(
        `torch was not loaded within ${TIMEOUT_MS / 1000} s.`,
        'Look again: the second time its files are in memory. If it stays, the disk of the environment is too slow.',
      );
    }
    const answer = outcome.kind === 'exited' ? readAnswer(outcome.stdout) : null;
    if (answer === null) return problem(`${python} could not say which torch it has.`, 'See the check of Python.');
    return judgeTorch(answer, {
      arguments: settings.installation.arguments,
      install: `${python} -m pip install -r requirements.txt`,
    });
  },
};

export function readAnswer(stdout: string): TorchAnswer | null {
  const line = stdout.split(/\r?\n/).find((text) => text.startsWith(MARK));
  if (line === undefined) return null;
  try {
    return AnswerSchema.safeParse(JSON.parse(line.slice(MARK.length))).data ?? null;
  } catch {
    return null;
  }
}

/** @param intent the arguments ComfyUI is started with, and the command that installs what it needs */
export function judgeTorch(
  answer: TorchAnswer,
  intent: { readonly arguments: readonly string[]; readonly install: string },
): Verdict {
  if ('error' in answer) {
    return problem(`torch can not be loaded: ${answer.error}`, `Run ${intent.install} in the ComfyUI folder.`);
  }
  const build = answer.hip !== null ? `ROCm ${answer.hip}` : answer.cuda !== null ? `CUDA ${answer.cuda}` : null;
  const named = `torch ${answer.torch}`;
  if (answer.gpus > 0) return ok(`${named} with ${build ?? 'CUDA'} sees ${count(answer.gpus)}.`);
  if (answer.mps) return ok(`${named} uses the GPU of this Mac.`);
  if (answer.xpu) return ok(`${named} uses an Intel GPU.`);
  const instead = intent.arguments.find((argument) => argument === '--cpu' || argument === '--directml');
  if (instead !== undefined) return ok(`${named} without CUDA, as ${instead} asks for.`);
  return build === null
    ? problem(
        `${named} was built without support for any GPU.`,
        'Install the torch build for your GPU (see pytorch.org), or add --cpu to the extra arguments to run without one.',
      )
    : problem(
        `${named} was built for ${build}, but sees no GPU.`,
        'Install or update the GPU driver, or add --cpu to the extra arguments to run without a GPU.',
      );
}

function count(gpus: number): string {
  return gpus === 1 ? '1 GPU' : `${gpus} GPUs`;
}
