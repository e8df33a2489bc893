// The pause after a failure: until it is over, the button that tries again says how long it lasts.
const waiting = new Map(); // button → the moment, in seconds, from which on it works
let timer;

/** Returns how long a pause lasts, as the server writes it: 45 s, 3 minutes, 5 hours, rounded up. */
function duration(seconds) {
  for (const [unit, name] of [[3600, "hours"], [60, "minutes"]]) if (seconds > 2 * unit) return `${Math.ceil(seconds / unit)} ${name}`;
  return `${Math.ceil(seconds)} s`;
}

const left = (moment) => Math.max(0, moment - Date.now() / 1000);

/** Returns a sentence that says when the run can be tried again. */
export function hint(run) {
  const seconds = left(run.retryAtNs / 1e9);
  return seconds ? `You can try again in ${duration(seconds)}.` : "You can try again now.";
}

/** Returns the button, which does nothing until the pause of this failed run is over. */
export function paused(button, run) {
  const moment = run.retryAtNs / 1e9;
  write(button, moment);
  if (button.disabled) waiting.set(button, moment);
  timer ??= setInterval(tick, 1000);
  return button;
}

function write(button, moment) {
  const seconds = left(moment);
  button.disabled = seconds > 0;
  button.textContent = seconds ? `Try again in ${duration(seconds)}` : "Try again";
}

function tick() {
  for (const [button, moment] of waiting) {
    write(button, moment);
    if (!button.disabled || !button.isConnected) waiting.delete(button);
  }
  if (!waiting.size) timer = clearInterval(timer);
}
