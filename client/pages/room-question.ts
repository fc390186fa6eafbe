/** What a question needs in the room: where it is answered, what is in front of all, what is said of it. Loaded with the first one. */
export { default as QuestionCard } from '#client/quiz/QuestionCard.svelte'
export { default as QuizVoice } from '#client/quiz/QuizVoice.svelte'
export { default as QuestionStage } from './QuestionStage.svelte'
