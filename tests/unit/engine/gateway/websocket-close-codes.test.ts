import { describe, expect, it } from 'vitest';
import { blamesClient, codeForComfy, isSendable } from '../../../../engine/gateway/websocket-close-codes.ts';

describe('close codes', () => {
  it.each([1000, 1001, 1003, 1007, 1009, 1011, 1013, 1014, 3000, 4999])('%i may be sent', (code) => {
    expect(isSendable(code)).toBe(true);
    expect(codeForComfy(code)).toBe(code);
  });
  it.each([
    [1005, 1000],
    [1006, 1001],
    [1004, 1000],
    [1015, 1000],
    [0, 1000],
    [999, 1000],
    [2999, 1000],
    [5000, 1000],
  ])('%i may not, ComfyUI hears %i', (code, told) => {
    expect(isSendable(code)).toBe(false);
    expect(codeForComfy(code)).toBe(told);
  });
  it.each([1002, 1003, 1007, 1008, 1009, 4001])('%i is about what the client did', (code) => {
    expect(blamesClient(code)).toBe(true);
  });
  it.each([1000, 1001, 1005, 1006, 1011, 1012, 1013])('%i is about ComfyUI, and no client hears of it', (code) => {
    expect(blamesClient(code)).toBe(false);
  });
});
