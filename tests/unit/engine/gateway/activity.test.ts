import { describe, expect, it } from 'vitest';
import { type ActivitySettings, classify, type RequestFacts } from '../../../../engine/gateway/activity.ts';

const DEFAULTS: ActivitySettings = { idle: { everyRequestCounts: false }, network: { whenAsleepShow: 'wake' } };

const request = (method: string, route: string, more: Partial<RequestFacts> = {}): RequestFacts => ({
  method,
  route,
  isNavigation: false,
  isPrefetch: false,
  isUpgrade: false,
  ...more,
});

describe('what a request means for sleeping', () => {
  it.each([
    // Opening the page and what it loads.
    ['GET', '/', 'wakes'],
    ['GET', '/assets/index-1.js', 'wakes'],
    ['GET', '/object_info', 'wakes'],
    ['GET', '/object_info/KSampler', 'wakes'],
    ['GET', '/view', 'wakes'],
    ['GET', '/models/checkpoints', 'wakes'],
    ['GET', '/userdata/comfy.templates.json', 'wakes'],
    ['GET', '/some-custom-node/list', 'wakes'],
    ['GET', '/queueing', 'wakes'],
    // Changing something.
    ['POST', '/prompt', 'wakes'],
    ['POST', '/upload/image', 'wakes'],
    ['POST', '/settings/Comfy.InstalledVersion', 'wakes'],
    ['POST', '/history', 'wakes'],
    ['PUT', '/anything', 'wakes'],
    ['DELETE', '/userdata/a.json', 'wakes'],
    ['PATCH', '/crystools/monitor', 'wakes'],
    // Somebody is at work, but there is nothing to stop in a ComfyUI that sleeps.
    ['POST', '/interrupt', 'counts'],
    ['POST', '/queue', 'counts'],
    // What a reconnecting tab or a monitor repeats.
    ['GET', '/queue', 'neutral'],
    ['GET', '/prompt', 'neutral'],
    ['GET', '/history', 'neutral'],
    ['GET', '/history/c28886c3', 'neutral'],
    ['GET', '/system_stats', 'neutral'],
    ['GET', '/features', 'neutral'],
    ['GET', '/jobs', 'neutral'],
    ['GET', '/jobs/1', 'neutral'],
    ['GET', '/internal/logs', 'neutral'],
    ['GET', '/internal/logs/raw', 'neutral'],
    ['PATCH', '/internal/logs/subscribe', 'neutral'],
    ['GET', '/ws', 'neutral'],
    ['POST', '/free', 'neutral'],
    ['HEAD', '/', 'neutral'],
    ['OPTIONS', '/prompt', 'neutral'],
    // What a browser asks for when somebody opens the dashboard.
    ['GET', '/favicon.ico', 'neutral'],
    ['GET', '/robots.txt', 'neutral'],
    ['GET', '/apple-touch-icon-precomposed.png', 'neutral'],
    ['GET', '/.well-known/appspecific/com.chrome.devtools.json', 'neutral'],
  ] as const)('%s %s → %s', (method, route, expected) => {
    expect(classify(request(method, route), DEFAULTS)).toBe(expected);
  });

  it('a page that is opened wakes', () => {
    expect(classify(request('GET', '/', { isNavigation: true }), DEFAULTS)).toBe('wakes');
  });

  it('an address typed half and guessed by the browser wakes nothing', () => {
    expect(classify(request('GET', '/', { isPrefetch: true, isNavigation: true }), DEFAULTS)).toBe('neutral');
  });

  it('an open tab does not keep ComfyUI awake (sablier#402, llama-swap#1001)', () => {
    expect(classify(request('GET', '/ws', { isUpgrade: true }), DEFAULTS)).toBe('neutral');
  });

  it('with the dashboard as home, opening / starts nothing', () => {
    const settings: ActivitySettings = { ...DEFAULTS, network: { whenAsleepShow: 'dashboard' } };
    expect(classify(request('GET', '/', { isNavigation: true }), settings)).toBe('counts');
    expect(classify(request('GET', '/extensions/x/page.html', { isNavigation: true }), settings)).toBe('wakes');
  });

  it.each([
    request('GET', '/queue'),
    request('HEAD', '/'),
    request('GET', '/ws', { isUpgrade: true }),
    request('POST', '/free'),
    request('GET', '/favicon.ico'),
  ])('with everyRequestCounts, everything wakes as in the reference system: $method $route', (facts) => {
    expect(classify(facts, { ...DEFAULTS, idle: { everyRequestCounts: true } })).toBe('wakes');
  });
});
