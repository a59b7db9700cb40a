/** A picture in a frame: wheel and keys zoom, a drag moves it, a double click shows its own pixels. */
import { type PointerEvent, type ReactNode, useCallback, useEffect, useRef, useState, type WheelEvent } from 'react';
import { FITTED, fitScale, moved, type Size, toggled, ZOOM_STEP, type ZoomView, zoomed } from '../../lib/zoom.ts';
import styles from './ZoomFrame.module.css';

export interface Zoom {
  readonly view: ZoomView;
  /** Pixels of the page per pixel of the picture. */
  readonly scale: number;
  by(factor: number): void;
  fit(): void;
  /** For the frame; several frames may share one view. */
  readonly frame: FrameProps;
}

interface FrameProps {
  readonly measure: (element: HTMLElement | null) => (() => void) | undefined;
  readonly onWheel: (event: WheelEvent<HTMLElement>) => void;
  readonly onPointerDown: (event: PointerEvent<HTMLElement>) => void;
  readonly onPointerMove: (event: PointerEvent<HTMLElement>) => void;
  readonly onDoubleClick: (event: { clientX: number; clientY: number; currentTarget: HTMLElement }) => void;
}

/** @param picture in pixels @param key another one begins fitted */
export function useZoom(picture: Size, key: string): Zoom {
  const [state, setState] = useState<{ readonly key: string; readonly view: ZoomView }>({ key, view: FITTED });
  const [frame, setFrame] = useState<Size>({ width: 800, height: 600 });
  const view = state.key === key ? state.view : FITTED;
  const setView = (next: ZoomView): void => setState({ key, view: next });
  const measure = useCallback((element: HTMLElement | null) => {
    if (element === null) return undefined;
    const resized = new ResizeObserver(() => setFrame({ width: element.clientWidth, height: element.clientHeight }));
    resized.observe(element);
    return () => resized.disconnect();
  }, []);
  return {
    view,
    scale: fitScale(picture, frame) * view.scale,
    by: (factor) => setView(zoomed(view, factor, picture, frame)),
    fit: () => setView(FITTED),
    frame: {
      measure,
      onWheel: (event) =>
        setView(zoomed(view, event.deltaY < 0 ? ZOOM_STEP ** 0.5 : ZOOM_STEP ** -0.5, picture, frame, pointIn(event))),
      onPointerDown(event) {
        if (view.scale > 1) event.currentTarget.setPointerCapture(event.pointerId);
      },
      onPointerMove(event) {
        if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
        setView(moved(view, picture, frame, { x: event.movementX, y: event.movementY }));
      },
      onDoubleClick: (event) => setView(toggled(view, picture, frame, pointIn(event))),
    },
  };
}

function pointIn({ clientX, clientY, currentTarget }: { clientX: number; clientY: number; currentTarget: Element }) {
  const { left, top, width, height } = currentTarget.getBoundingClientRect();
  return { x: clientX - left - width / 2, y: clientY - top - height / 2 };
}

export function ZoomFrame({ zoom, children }: { zoom: Zoom; children: ReactNode }) {
  const { measure, onWheel: _, ...handlers } = zoom.frame;
  const element = useRef<HTMLDivElement | null>(null);
  const wheel = useRef(zoom.frame.onWheel);
  wheel.current = zoom.frame.onWheel;
  useEffect(() => {
    const node = element.current;
    if (node === null) return undefined;
    // React listens passively: the page below must not scroll while a picture is zoomed.
    const listen = (event: globalThis.WheelEvent): void => {
      event.preventDefault();
      wheel.current(event as unknown as WheelEvent<HTMLElement>);
    };
    node.addEventListener('wheel', listen, { passive: false });
    return () => node.removeEventListener('wheel', listen);
  }, []);
  const attach = useCallback(
    (node: HTMLDivElement | null) => {
      element.current = node;
      return measure(node);
    },
    [measure],
  );
  const { x, y, scale } = zoom.view;
  return (
    <div ref={attach} className={styles.frame} data-zoomed={scale > 1 || undefined} {...handlers}>
      <div className={styles.moved} style={{ transform: `translate(${x}px, ${y}px) scale(${scale})` }}>
        {children}
      </div>
    </div>
  );
}
