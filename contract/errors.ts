/** Every error code Stoker can answer with, in one table. A code is stable; its message may be reworded. */

export interface ErrorSpec {
  /** HTTP status the API answers with. */
  readonly status: number;
  /** True when the same call may succeed later without the user changing anything. */
  readonly retryable: boolean;
  /** What the user can do next, shown beside the message. */
  readonly next: string;
}

export const ERROR_CODES = {
  // --- starting ComfyUI
  not_configured: {
    status: 409,
    retryable: false,
    next: 'Choose a ComfyUI folder or a start command in Settings, or run with --demo.',
  },
  command_not_found: {
    status: 502,
    retryable: false,
    next: 'Check the start command and the Python path in Settings.',
  },
  folder_invalid: {
    status: 502,
    retryable: false,
    next: 'Choose the folder that holds main.py in Settings.',
  },
  python_missing: {
    status: 502,
    retryable: false,
    next: 'Set the Python of the ComfyUI environment in Settings.',
  },
  exited_early: {
    status: 502,
    retryable: false,
    next: 'Read the last log lines; starting without custom nodes often shows which one is at fault.',
  },
  start_timeout: {
    status: 504,
    retryable: true,
    next: 'Read the log; raise the start limit in Settings if this installation is slow to start.',
  },
  start_cancelled: { status: 503, retryable: true, next: 'Start ComfyUI again when you need it.' },
  gave_up: {
    status: 502,
    retryable: false,
    next: 'ComfyUI crashed too often in a row. Read the reason and the log, then press Start.',
  },
  crashed: { status: 502, retryable: true, next: 'Stoker restarts ComfyUI by itself; read the reason.' },
  hung: { status: 502, retryable: true, next: 'Stoker ended the hung process and restarts it.' },
  private_port_taken: {
    status: 502,
    retryable: true,
    next: 'Leave the private port unset so that Stoker chooses a free one, or end the program that holds it.',
  },
  stop_failed: {
    status: 500,
    retryable: true,
    next: 'End the named processes by hand; Stoker has no permission to.',
  },
  // --- gateway
  asleep: { status: 503, retryable: true, next: 'Send a request that wakes ComfyUI, or POST /manager/start.' },
  upstream_unreachable: { status: 502, retryable: true, next: 'Try again; if it stays, read the ComfyUI log.' },
  upstream_silent: {
    status: 504,
    retryable: true,
    next: 'ComfyUI sent nothing for the silence limit; raise it in Settings if such requests are normal here.',
  },
  host_not_allowed: {
    status: 403,
    retryable: false,
    next: 'Open Stoker by the address it printed, or add this name to the allowed hosts in Settings.',
  },
  origin_not_allowed: {
    status: 403,
    retryable: false,
    next: 'Another web site sent this request. Open Stoker itself to do this.',
  },
  token_required: {
    status: 401,
    retryable: false,
    next: 'Send the access token as "Authorization: Bearer …", or open /manager/login?token=… once.',
  },
  too_many_sockets: { status: 503, retryable: true, next: 'Close some tabs or clients.' },
  too_many_held: {
    status: 503,
    retryable: true,
    next: 'Wait for ComfyUI to start, then ask again; Retry-After says when.',
  },
  too_many_attempts: { status: 429, retryable: true, next: 'Wait a second; the right token is let in at any time.' },
  request_malformed: { status: 400, retryable: false, next: 'Send a well-formed HTTP request.' },
  headers_too_large: {
    status: 431,
    retryable: false,
    next: 'Send fewer or shorter header fields; cookies often grow.',
  },
  request_timeout: { status: 408, retryable: true, next: 'Send the whole head of the request at once.' },
  // --- manager API
  work_in_progress: {
    status: 409,
    retryable: true,
    next: 'Wait, stop when the queue is done, or repeat with "force": true: what runs begins anew later.',
  },
  invalid_request: { status: 400, retryable: false, next: 'Correct the named field.' },
  invalid_settings: { status: 400, retryable: false, next: 'Correct the named settings.' },
  not_found: { status: 404, retryable: false, next: 'See /manager/openapi.json for what exists.' },
  not_running: { status: 409, retryable: true, next: 'Start ComfyUI first.' },
  internal: { status: 500, retryable: true, next: 'Read the engine log and report it.' },
  card_lent: {
    status: 503,
    retryable: true,
    next: 'Wait until the card is back, or press Resume in Stoker (POST /manager/resume).',
  },
  lease_not_found: { status: 404, retryable: false, next: 'It has run out or was given back; ask for a new one.' },
  secret_not_found: { status: 404, retryable: false, next: 'See GET /manager/secrets for what is kept.' },
  no_preview: { status: 404, retryable: false, next: 'The prompt made no picture, or ComfyUI no longer has it.' },
  prompt_too_large: {
    status: 413,
    retryable: false,
    next: 'Upload large inputs first, and name them in the workflow.',
  },
  prompt_cancelled: { status: 409, retryable: false, next: 'Queue it again if it is wanted after all.' },
  token_name_taken: { status: 409, retryable: false, next: 'Choose another name, or revoke that token first.' },
  token_not_found: { status: 404, retryable: false, next: 'See GET /manager/v1/tokens for those there are.' },
  // --- jobs
  job_not_found: { status: 404, retryable: false, next: 'See GET /manager/v1/jobs for the jobs there are.' },
  job_active: { status: 409, retryable: true, next: 'Cancel it first, or wait for its end.' },
  job_ended: { status: 409, retryable: false, next: 'Retry it, or submit it again.' },
  idempotency_conflict: {
    status: 409,
    retryable: false,
    next: 'Use a new Idempotency-Key for a different request.',
  },
  no_input_folder: {
    status: 409,
    retryable: false,
    next: 'Set the ComfyUI folder, or the input folder, in Settings.',
  },
  input_too_large: { status: 413, retryable: false, next: 'Put it into the input folder of ComfyUI yourself.' },
  output_not_found: { status: 404, retryable: false, next: 'See "files" of the job for what it made.' },
  target_unknown: { status: 400, retryable: false, next: 'Use "auto", "local" or the name of a target.' },
  invalid_workflow: { status: 400, retryable: false, next: 'Open the workflow in ComfyUI and mend the named nodes.' },
  prompt_failed: { status: 500, retryable: false, next: 'Read the reason; the log of ComfyUI has the whole of it.' },
  prompt_lost: { status: 500, retryable: true, next: 'Retry the job; it was not finished.' },
  outcome_unknown: {
    status: 500,
    retryable: false,
    next: 'Look at the target whether it ran. Retrying may run it, and cost, a second time.',
  },
  began_meanwhile: {
    status: 409,
    retryable: false,
    next: 'Retry the job where you want it to run.',
  },
  budget_reached: {
    status: 409,
    retryable: false,
    next: 'Raise the limit of the endpoint, or wait for the next day or month.',
  },
  missing_on_endpoint: {
    status: 409,
    retryable: false,
    next: 'Add what is missing to the image or volume of the endpoint, then tell Stoker: Targets → What it has → Forget what runs taught.',
  },
  endpoint_unknown: { status: 404, retryable: false, next: 'See GET /manager/v1/endpoints for those there are.' },
  endpoint_busy: { status: 409, retryable: true, next: 'Cancel its jobs first, or wait for their end.' },
  target_name_taken: { status: 409, retryable: false, next: 'Choose another name.' },
  // --- other ComfyUI servers
  server_unknown: { status: 404, retryable: false, next: 'See GET /manager/v1/servers for those there are.' },
  server_busy: { status: 409, retryable: true, next: 'Cancel its jobs first, or wait for their end.' },
  server_unreachable: {
    status: 502,
    retryable: true,
    next: 'Check that it runs and that its address is right; Stoker tries again by itself.',
  },
  server_unauthorized: { status: 502, retryable: false, next: 'Check the key of the server.' },
  server_refused: {
    status: 502,
    retryable: false,
    next: 'Check that a ComfyUI, or a Stoker before it, listens at the address of the server.',
  },
  // --- gallery
  gallery_folder_unknown: {
    status: 409,
    retryable: false,
    next: 'Name the output folder in Settings: this ComfyUI is started in a way that does not tell it.',
  },
  gallery_item_not_found: { status: 404, retryable: false, next: 'It was moved or removed; read the gallery again.' },
  gallery_no_workflow: {
    status: 404,
    retryable: false,
    next: 'ComfyUI writes the workflow into PNG and animated WebP files, unless it was started with --disable-metadata.',
  },
  // --- RunPod
  runpod_unauthorized: {
    status: 502,
    retryable: false,
    next: 'Check the API key of the endpoint: RunPod → Settings → API Keys.',
  },
  runpod_endpoint_missing: { status: 502, retryable: false, next: 'Check the endpoint id; it may have been deleted.' },
  runpod_expired: {
    status: 502,
    retryable: false,
    next: 'RunPod keeps results for a short time only. Retrying runs, and costs, again.',
  },
  runpod_refused: { status: 502, retryable: false, next: 'Read what RunPod says about the request.' },
  runpod_too_large: {
    status: 413,
    retryable: false,
    next: 'Use smaller input files: RunPod takes 10 MB in one request.',
  },
  runpod_busy: { status: 503, retryable: true, next: 'Stoker tries again by itself, slower each time.' },
  runpod_unreachable: { status: 502, retryable: true, next: 'Stoker tries again by itself; check the connection.' },
  runpod_malformed: { status: 502, retryable: true, next: 'Stoker asks again by itself; if it stays, report it.' },
  runpod_job_failed: {
    status: 502,
    retryable: false,
    next: 'Read the reason of the worker; nothing is retried unasked.',
  },
  runpod_timed_out: {
    status: 504,
    retryable: false,
    next: 'Raise the time limit of the endpoint if the workflow needs longer.',
  },
  runpod_no_files: {
    status: 502,
    retryable: false,
    next: 'The worker returns pictures only: end the workflow with SaveImage, or give the worker S3 storage.',
  },
  // --- the engine itself
  public_port_taken: {
    status: 500,
    retryable: false,
    next: 'End the named program, or choose another port with --port.',
  },
  data_folder_locked: {
    status: 500,
    retryable: false,
    next: 'Another Stoker runs on this data folder: use it, stop it, or choose another with --data-dir.',
  },
  data_folder_unusable: {
    status: 500,
    retryable: false,
    next: 'Make the folder writable, free some disk space, or choose another with --data-dir.',
  },
  token_needed_for_address: {
    status: 500,
    retryable: false,
    next: 'Set network.token (STOKER_NETWORK_TOKEN) before listening beyond this computer.',
  },
} as const satisfies Record<string, ErrorSpec>;

export type ErrorCode = keyof typeof ERROR_CODES;

/** The one shape of every error that comes from Stoker and not from ComfyUI. */
export interface ErrorBody {
  readonly source: 'stoker';
  readonly error: {
    readonly code: ErrorCode;
    readonly message: string;
    readonly details: Record<string, unknown>;
  };
}
