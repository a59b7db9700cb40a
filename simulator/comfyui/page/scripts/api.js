/**
 * The page's line to the server: requests under api/, and one WebSocket that is opened again for as long as the page lives.
 * Messages become events of their own type; `status`, `reconnecting` and `reconnected` are told as ComfyUI's page tells them.
 */

const retryMs = 300;
const clientIdKey = 'clientId';
const previewImage = 1;
const previewImageWithMetadata = 4;
const firstMessage = {
  type: 'feature_flags',
  data: { supports_preview_metadata: true, supports_manager_v4_ui: true },
};

class Api extends EventTarget {
  base = location.pathname.replace(/[^/]*$/, '');
  clientId = sessionStorage.getItem(clientIdKey);
  socket = null;

  apiURL(route) {
    return `${this.base}api${route}`;
  }

  fileURL(route) {
    return this.base + route.replace(/^\//, '');
  }

  fetchApi(route, options) {
    return fetch(this.apiURL(route), options);
  }

  /** The parsed answer, or undefined when there is none. */
  async read(route) {
    const response = await this.fetchApi(route).catch(() => undefined);
    return response?.ok ? response.json() : undefined;
  }

  async write(route, value) {
    return this.fetchApi(route, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(value),
    });
  }

  /** *Run*, as ComfyUI's page does it: custom nodes wrap it. */
  async queuePrompt(_number, { output, workflow }) {
    const response = await this.write('/prompt', {
      client_id: this.clientId,
      prompt: output,
      extra_data: { extra_pnginfo: { workflow } },
    });
    const answer = await response.json().catch(() => undefined);
    if (response.ok) return answer;
    throw Object.assign(new Error(`Not accepted (${response.status}).`), { response: answer });
  }

  init() {
    this.openSocket(false);
  }

  openSocket(again) {
    const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';
    const query = this.clientId ? `?clientId=${encodeURIComponent(this.clientId)}` : '';
    const socket = new WebSocket(`${scheme}//${location.host}${this.base}ws${query}`);
    let opened = false;
    this.socket = socket;
    socket.binaryType = 'arraybuffer';
    socket.addEventListener('open', () => {
      opened = true;
      socket.send(JSON.stringify(firstMessage));
      this.tell(again ? 'reconnected' : 'connected');
    });
    socket.addEventListener('message', ({ data }) => {
      if (typeof data === 'string') this.receive(JSON.parse(data));
      else this.receivePreview(data);
    });
    socket.addEventListener('close', () => {
      setTimeout(() => this.openSocket(true), retryMs);
      if (!opened) return;
      this.tell('status', null);
      this.tell('reconnecting');
    });
  }

  receive({ type, data }) {
    if (type === 'status' && data.sid) {
      this.clientId = data.sid;
      sessionStorage.setItem(clientIdKey, data.sid);
    }
    this.tell(type, type === 'status' ? data.status : data);
  }

  receivePreview(buffer) {
    const view = new DataView(buffer);
    const event = view.getUint32(0);
    if (event === previewImage) {
      const type = view.getUint32(4) === 2 ? 'image/png' : 'image/jpeg';
      this.tell('b_preview', new Blob([buffer.slice(8)], { type }));
    } else if (event === previewImageWithMetadata) {
      const end = 8 + view.getUint32(4);
      const metadata = JSON.parse(new TextDecoder().decode(buffer.slice(8, end)));
      this.tell('b_preview', new Blob([buffer.slice(end)], { type: metadata.image_type }));
    }
  }

  tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

export const api = new Api();
