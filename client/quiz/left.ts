const prefix = 'quiz '

/** Where this tab keeps what was answered in a try at a quiz and is not with the server yet. */
export const keptAs = (attempt: string): string => prefix + attempt

const kept = (): string[] => Object.keys(sessionStorage).filter((key) => key.startsWith(prefix))

/** Whether an answer to a quiz waits in this tab to be sent. */
export function answersLeft(): boolean {
  try {
    return kept().length > 0
  } catch {
    return false
  }
}

/** At sign-out no answer of anybody stays in the tab. */
export function wipeAnswers(): void {
  for (const key of kept()) sessionStorage.removeItem(key)
}
