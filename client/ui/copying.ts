import { toast } from './announce.svelte.ts'

/** Copies words; false when this browser has no clipboard here (a plain-HTTP address, say): they are then to be shown. */
export async function copyWords(text: string, said: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    toast(said)
    return true
  } catch {
    return false
  }
}
