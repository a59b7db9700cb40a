/** `stoker keep-awake`: no idle stop for a while. */
import { Argument, type Command, InvalidArgumentError } from 'commander';
import { type KeepAwakeBody, MANAGER_ROUTES } from '../../contract/manager-api.ts';
import { StatusSchema } from '../../contract/status.ts';
import { type ClientOptions, clientCommand, openClient } from '../client-command.ts';
import { formatMoment, parseDuration, tomorrowMorning } from '../format.ts';
import { print, printJson } from '../output.ts';

export function keepAwakeCommand(): Command {
  return clientCommand('keep-awake', 'keep ComfyUI from sleeping for a while')
    .addArgument(
      new Argument('<time>', '30m, 1h30m or 2d (at most 7d), until-tomorrow (7:00), or off').argParser(parseTime),
    )
    .action(async (body: KeepAwakeBody, options: ClientOptions) => {
      const status = await openClient(options).post(MANAGER_ROUTES.keepAwake, body, StatusSchema);
      const until = status.idle.keepAwakeUntil;
      if (options.json) printJson(status);
      else
        print(until === null ? 'ComfyUI may sleep again.' : `No idle stop until ${formatMoment(until, Date.now())}.`);
    });
}

function parseTime(text: string): KeepAwakeBody {
  if (text === 'off') return { off: true };
  if (text === 'until-tomorrow') return { until: new Date(tomorrowMorning(Date.now())).toISOString() };
  const seconds = parseDuration(text);
  if (seconds === null) throw new InvalidArgumentError('Use 30m, 1h30m or 2d (at most 7d), until-tomorrow, or off.');
  return { seconds };
}
