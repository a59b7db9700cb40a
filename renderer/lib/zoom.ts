/** A picture in its frame: how large it is drawn and how far it is moved. Pure; pixels are those of the page, from the middle of the frame. */

export interface ZoomView {
  /** 1: the whole picture fits into the frame. */
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export const FITTED: ZoomView = { scale: 1, x: 0, y: 0 };
const LARGEST = 16;
export const ZOOM_STEP = 1.4;

/** Pixels of the page per pixel of the picture when it fits; small pictures are not blown up. */
export const fitScale = (picture: Size, frame: Size): number =>
  Math.min(1, frame.width / Math.max(1, picture.width), frame.height / Math.max(1, picture.height));

/** @param point what stays where it is, from the middle of the frame */
export function zoomed(view: ZoomView, factor: number, picture: Size, frame: Size, point = { x: 0, y: 0 }): ZoomView {
  const scale = Math.min(LARGEST, Math.max(1, view.scale * factor));
  const grown = scale / view.scale;
  return moved(
    { scale, x: point.x - (point.x - view.x) * grown, y: point.y - (point.y - view.y) * grown },
    picture,
    frame,
  );
}

/** One pixel of the picture is one of the page, or fitted when it is so already. */
export function toggled(view: ZoomView, picture: Size, frame: Size, point = { x: 0, y: 0 }): ZoomView {
  const whole = 1 / fitScale(picture, frame);
  return view.scale > 1 ? FITTED : zoomed(view, whole > 1 ? whole : 2, picture, frame, point);
}

/** The edge of the picture stays at the edge of the frame: nobody loses it. */
export function moved(view: ZoomView, picture: Size, frame: Size, by = { x: 0, y: 0 }): ZoomView {
  const drawn = fitScale(picture, frame) * view.scale;
  const room = (length: number, available: number): number => Math.max(0, (length * drawn - available) / 2);
  const within = (value: number, most: number): number => (most === 0 ? 0 : Math.min(most, Math.max(-most, value)));
  return {
    scale: view.scale,
    x: within(view.x + by.x, room(picture.width, frame.width)),
    y: within(view.y + by.y, room(picture.height, frame.height)),
  };
}
