import type { Place } from '#client/router.svelte.ts'

/** Every place of the interface, each loaded on its first visit. The first that fits wins. */
export const places: readonly Place[] = [
  { path: '/', load: () => import('./Today.svelte'), frame: 'house' },
  { path: '/spocs', load: () => import('./Spocs.svelte'), frame: 'house' },
  { path: '/spocs/new', load: () => import('./NewSpoc.svelte'), frame: 'house' },
  { path: '/spocs/:spoc', load: () => import('./SpocPage.svelte'), frame: 'house' },
  { path: '/spocs/:spoc/edit', load: () => import('./EditSpoc.svelte'), frame: 'house' },
  { path: '/spocs/:spoc/members', load: () => import('./Members.svelte'), frame: 'house' },
  { path: '/sessions/:session', load: () => import('./SessionPage.svelte'), frame: 'house' },
  { path: '/outbox', load: () => import('./Outbox.svelte'), frame: 'house' },
  { path: '/rooms/:room', load: () => import('./RoomPage.svelte'), frame: 'room' },
  { path: '/me', load: () => import('./Me.svelte'), frame: 'house' },
  { path: '/sign-in', load: () => import('./SignIn.svelte'), frame: 'door' },
  { path: '/sign-in/link', load: () => import('./SignInLink.svelte'), frame: 'door' },
  { path: '/invitation', load: () => import('./Invitation.svelte'), frame: 'door' },
  { path: '/first', load: () => import('./FirstAdministrator.svelte'), frame: 'door' },
]

export const nowhere: Place = { path: '/', load: () => import('./Nowhere.svelte'), frame: 'house' }
