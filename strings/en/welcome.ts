/** The guide of the first run. */

export const welcomeWords = {
  steps: 'Steps of the guide',
  step: (number: number, count: number) => `Step ${number} of ${count}`,
  name: { comfyui: 'ComfyUI', sleep: 'Sleep', login: 'Login', done: 'Done' },
  skip: 'Skip the guide',
  back: 'Back',
  next: 'Next',
  saving: 'Saving…',

  comfyui: {
    heading: 'Where is your ComfyUI?',
    intro: 'Stoker starts it when you need it and frees the card when you do not.',
  },
  sleep: {
    heading: 'When should it sleep?',
    intro: 'Asleep, ComfyUI holds nothing of the card. It wakes by itself when you open it or queue a prompt.',
    label: 'Idle time',
    minutes: { 2: 'After 2 minutes', 5: 'After 5 minutes', 15: 'After 15 minutes', 60: 'After an hour', 0: 'Never' },
    hint: {
      2: 'The card is free almost at once.',
      5: 'Right for most people.',
      15: 'Fewer starts while you try things out.',
      60: 'For slow starts and long pauses.',
      0: 'ComfyUI stays in memory until you stop it.',
    },
    other: (span: string) => `As it is: after ${span}`,
    otherHint: 'Your own time, from the settings.',
  },
  login: {
    heading: 'Start with the computer?',
    intro: 'Then the address of ComfyUI always works: Stoker waits in the panel and uses nothing of the card.',
    yes: 'Start at login',
    yesHint: 'Opens no window.',
    no: 'Start it by hand',
    noHint: 'ComfyUI can be reached only while Stoker runs.',
  },
  done: {
    heading: 'That is all',
    intro: 'ComfyUI wakes when you open it, and sleeps when you are gone. The address stays the same:',
    withoutComfyui: 'Stoker is ready. It still needs a ComfyUI: choose one here or in the settings at any time.',
    openComfyui: 'Open ComfyUI',
    openOverview: 'Go to the overview',
  },
};
