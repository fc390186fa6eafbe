import type { Chosen } from './devices.ts'

/**
 * What is done to the sound of a microphone. Whoever keeps noise plays or sings: its suppression takes held notes for noise, and a gain that
 * follows the player makes soft and loud alike, so both go. Echo is always cancelled: the others would hear themselves.
 */
function soundOf({ noise }: Chosen) {
  const reduced = noise !== 'kept'
  return { echoCancellation: true, noiseSuppression: reduced, autoGainControl: reduced }
}

/**
 * The same to ask for, the nearest to what was chosen first: as a condition, for a wish alone is given what is done already to the same
 * microphone, where it is open (Chromium); then as a wish, where a browser knows no such condition.
 */
export function soundsOf(chosen: Chosen): readonly MediaTrackConstraints[] {
  const sound = soundOf(chosen)
  return [Object.fromEntries(Object.entries(sound).map(([name, exact]) => [name, { exact }])), sound]
}

/** Changes what is done to an open microphone. False where it is to be opened anew: Chromium says yes and changes nothing. */
export async function retune(track: MediaStreamTrack, chosen: Chosen): Promise<boolean> {
  const sound = soundOf(chosen)
  await track.applyConstraints(sound).catch(() => undefined)
  return track.getSettings().noiseSuppression === sound.noiseSuppression
}
