import { z } from 'zod'
import { file, type RouteContracts } from '../http/contract.ts'
import { nothing } from '../http/values.ts'

export const calendarRoutes = {
  'GET /api/me/calendar': {
    about: 'Whether one has a calendar address; what it is was said once.',
    reply: z.object({ there: z.boolean() }),
  },
  'POST /api/me/calendar': {
    about: 'Makes a new private calendar address; an older one ends.',
    reply: z.object({ address: z.string() }),
  },
  'DELETE /api/me/calendar': { about: 'Ends one’s calendar address.', reply: nothing },
  'GET /api/calendars/:calendar/cercle.ics': { about: 'The calendar behind a private address, as iCalendar (RFC 5545).', reply: file },
} satisfies RouteContracts
