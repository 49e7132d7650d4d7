// Two soft notes, made here: no file to load. Browsers let a page sound only after somebody has touched it.

const NOTES = [
  { hertz: 659.25, after: 0 },
  { hertz: 880, after: 0.14 },
];
const LOUDNESS = 0.12;
const SECONDS = 0.7;
let audio = null;

export async function chime() {
  audio ??= new AudioContext();
  if (audio.state === "suspended") await audio.resume();
  for (const { hertz, after } of NOTES) note(hertz, audio.currentTime + after);
}

/** A touch that a later sound may lean on; without one it would stay silent. */
export function mayChime() {
  return navigator.userActivation?.hasBeenActive ?? true;
}

function note(hertz, start) {
  const tone = audio.createOscillator();
  const gain = audio.createGain();
  tone.type = "sine";
  tone.frequency.value = hertz;
  gain.gain.setValueAtTime(0.0001, start);
  gain.gain.exponentialRampToValueAtTime(LOUDNESS, start + 0.02);
  gain.gain.exponentialRampToValueAtTime(0.0001, start + SECONDS);
  tone.connect(gain).connect(audio.destination);
  tone.start(start);
  tone.stop(start + SECONDS);
}
