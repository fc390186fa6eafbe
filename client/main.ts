import '@fontsource-variable/atkinson-hyperlegible-next/wght.css'
import './styles/tokens.css'
import './styles/base.css'
import { mount } from 'svelte'
import { account } from './account/account.svelte.ts'
import './account/look.svelte.ts'
import App from './App.svelte'
import { nowhere, places } from './pages/places.ts'
import { router } from './router.svelte.ts'
import { learnRefusal } from './words/words.svelte.ts'

// What is not sent yet belongs to the person who wrote it: it goes when they sign out of this browser.
account.whenSigningOut(async () => {
  const [{ wipeKept }, { wipeUnsent }, { wipePieces }, { wipeAnswers }] = await Promise.all([
    import('./live/kept.ts'),
    import('./live/unsent.ts'),
    import('./recording/waiting.ts'),
    import('./quiz/left.ts'),
  ])
  await Promise.allSettled([wipeKept(), wipeUnsent(), wipePieces(), Promise.resolve().then(wipeAnswers)])
})

// Who is here and what they look at are asked at the same time.
void account.load()
const shown = router.start(places, nowhere)

const place = document.getElementById('app')
if (place) mount(App, { target: place })

// What must be said when the network is gone comes while it is there.
void shown.then(() => learnRefusal('http/unavailable'))
