/** The discussion of a room, with the way to ask the team: loaded when it is first opened. */
export { default as Thread } from '#client/chat/Thread.svelte'
export { default as AskButton } from '#client/inbox/AskButton.svelte'
export { default as AskedHere } from '#client/inbox/AskedHere.svelte'
export { default as PlaceQuestions } from '#client/inbox/PlaceQuestions.svelte'
export { mayAsk } from '#shared/inbox/rules.ts'
