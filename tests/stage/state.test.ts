import { describe, expect, it } from 'vitest'
import { Stage } from '#client/stage/stage.svelte.ts'
import type { Front } from '#shared/stage/wire.ts'
import { FakeRoom } from '#tests/support/fake-room.svelte.ts'

function aStage(role: 'learner' | 'trainer' = 'learner') {
  const room = new FakeRoom(role)
  let at = 0
  const shows = (front: Front) => void (room.views = { stage: { front, by: 'claire', at: ++at } })
  shows('people')
  return { room, stage: new Stage(room), shows }
}

describe('what is in front of me', () => {
  it('[G3] follows what is shown; before anything was, the people', () => {
    expect(new Stage(new FakeRoom()).shown).toBe('people')
    const { stage, shows } = aStage()
    shows('board')
    expect([stage.shown, stage.elsewhere, stage.by]).toEqual(['board', false, 'Claire'])
  })

  it('[G3] I look elsewhere, and come back', () => {
    const { stage, shows } = aStage()
    stage.look('board')
    shows('screen')
    expect([stage.shown, stage.elsewhere]).toEqual(['board', true])
    stage.follow()
    expect([stage.shown, stage.elsewhere]).toEqual(['screen', false])
    shows('people')
    expect(stage.shown).toBe('people')
  })

  it('[G3] looking at what is shown is following it', () => {
    const { stage, shows } = aStage()
    stage.look('board')
    stage.look('people')
    shows('screen')
    expect(stage.shown).toBe('screen')
  })

  it('[G4] while I am busy I keep my place, also afterwards until I follow', () => {
    const { stage, shows } = aStage()
    shows('board')
    stage.busy('drawing', true)
    shows('screen')
    expect([stage.shown, stage.elsewhere]).toEqual(['board', true])
    stage.busy('typing', true)
    stage.busy('drawing', false)
    expect(stage.shown).toBe('board')
    stage.busy('typing', false)
    expect([stage.shown, stage.elsewhere]).toEqual(['board', true])
    stage.follow()
    expect(stage.shown).toBe('screen')
  })

  it('[G4] busy while nothing changed, I go on following', () => {
    const { stage, shows } = aStage()
    stage.busy('typing', true)
    stage.busy('typing', false)
    shows('board')
    expect(stage.shown).toBe('board')
  })

  it('[G4] I may follow in the middle of what I do', () => {
    const { stage, shows } = aStage()
    stage.busy('typing', true)
    shows('board')
    stage.follow()
    expect(stage.shown).toBe('board')
    stage.busy('typing', false)
    shows('screen')
    expect(stage.shown).toBe('screen')
  })

  it('[G1] who leads puts something in front of all and looks at it too', () => {
    const { room, stage, shows } = aStage('trainer')
    stage.look('board')
    void stage.show('question')
    expect(room.waiting).toMatchObject([{ name: 'stage:show', payload: { front: 'question' } }])
    shows('question')
    expect([stage.shown, stage.mayShow]).toEqual(['question', true])
  })
})
