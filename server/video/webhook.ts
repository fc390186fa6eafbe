import express, { Router } from 'express'
import type { LiveKit } from '../outside/livekit.ts'
import { webhookPath } from '../outside/video.ts'
import { roomOf } from './media-seats.ts'

/** Hears what LiveKit tells of its rooms, signed with the key that both have. It is a reason to look, never a fact. */
export function webhook(livekit: LiveKit, touch: (room: string) => void): Router {
  const router = Router()
  router.post(webhookPath, express.text({ type: 'application/webhook+json', limit: '64kb' }), async (request, response) => {
    const said = await livekit.hear(typeof request.body === 'string' ? request.body : '', request.get('authorization'))
    if (said) touch(roomOf(said.room))
    response.status(said ? 204 : 401).end()
  })
  return router
}
