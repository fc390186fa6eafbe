import type { Place } from '#client/router.svelte.ts'

/** A page of the house stands in its frame, which sign-in and the room do not load. */
const house = { frame: 'house', around: () => import('./House.svelte') } as const

/** Every place of the interface, each loaded on its first visit. The first that fits wins. */
export const places: readonly Place[] = [
  { path: '/', load: () => import('./Today.svelte'), ...house },
  { path: '/spocs', load: () => import('./Spocs.svelte'), ...house },
  { path: '/spocs/new', load: () => import('./NewSpoc.svelte'), ...house },
  { path: '/spocs/:spoc', load: () => import('./SpocPage.svelte'), ...house },
  { path: '/spocs/:spoc/edit', load: () => import('./EditSpoc.svelte'), ...house },
  { path: '/spocs/:spoc/members', load: () => import('./Members.svelte'), ...house },
  { path: '/spocs/:spoc/files', load: () => import('./FilesPage.svelte'), ...house },
  { path: '/spocs/:spoc/bank', load: () => import('./BankPage.svelte'), ...house },
  { path: '/spocs/:spoc/questions', load: () => import('./InboxPage.svelte'), ...house },
  { path: '/sessions/:session/replay', load: () => import('./ReplayPage.svelte'), ...house },
  { path: '/spocs/:spoc/mentoring', load: () => import('./Mentoring.svelte'), ...house },
  { path: '/spocs/:spoc/mentoring/week', load: () => import('./MentorWeek.svelte'), ...house },
  { path: '/rooms/:room/call', load: () => import('./CallPage.svelte'), ...house },
  { path: '/spocs/:spoc/path', load: () => import('./PathPage.svelte'), ...house },
  { path: '/spocs/:spoc/follow-up', load: () => import('./FollowUpPage.svelte'), ...house },
  { path: '/spocs/:spoc/road', load: () => import('./RoadPage.svelte'), ...house },
  { path: '/spocs/:spoc/road/:activity', load: () => import('./ActivityPage.svelte'), ...house },
  { path: '/spocs/:spoc/attendance', load: () => import('./AttendancePage.svelte'), ...house },
  { path: '/spocs/:spoc/certificates', load: () => import('./CertificatesPage.svelte'), ...house },
  { path: '/spocs/:spoc/report', load: () => import('./ReportPage.svelte'), ...house },
  { path: '/spocs/:spoc/report/:person', load: () => import('./ReportPage.svelte'), ...house },
  { path: '/check/:code', load: () => import('./CheckPage.svelte'), frame: 'door' },
  { path: '/sessions/:session', load: () => import('./SessionPage.svelte'), ...house },
  { path: '/revisions', load: () => import('./RevisionsPage.svelte'), ...house },
  { path: '/notices', load: () => import('./NoticesPage.svelte'), ...house },
  { path: '/jobs', load: () => import('./JobsPage.svelte'), ...house },
  { path: '/accounts', load: () => import('./Accounts.svelte'), ...house },
  { path: '/email', load: () => import('./ConfirmEmail.svelte'), ...house },
  { path: '/readiness', load: () => import('./Readiness.svelte'), ...house },
  { path: '/outbox', load: () => import('./Outbox.svelte'), ...house },
  { path: '/rooms/:room', load: () => import('./RoomPage.svelte'), frame: 'room' },
  { path: '/demo', load: () => import('./Who.svelte'), frame: 'door' },
  { path: '/me', load: () => import('./Me.svelte'), ...house },
  { path: '/sign-in', load: () => import('./SignIn.svelte'), frame: 'door' },
  { path: '/sign-in/link', load: () => import('./SignInLink.svelte'), frame: 'door' },
  { path: '/invitation', load: () => import('./Invitation.svelte'), frame: 'door' },
  { path: '/guest', load: () => import('./GuestPage.svelte'), frame: 'door' },
  { path: '/first', load: () => import('./FirstAdministrator.svelte'), frame: 'door' },
]

export const nowhere: Place = { path: '/', load: () => import('./Nowhere.svelte'), ...house }
