import { expect, it } from 'vitest'
import { Queue } from '#server/db/queue.ts'

const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

it('serves live work first, each kind in order of arrival, one at a time', async () => {
  const queue = new Queue()
  const order: string[] = []
  let inside = 0
  const work = (name: string, live = false) =>
    queue.run(async () => {
      expect(++inside).toBe(1)
      await turn()
      order.push(name)
      inside--
    }, live)
  await Promise.all([work('first'), work('page 1'), work('page 2'), work('answer 1', true), work('answer 2', true)])
  expect(order).toEqual(['first', 'answer 1', 'answer 2', 'page 1', 'page 2'])
})

it('lets one page through after so many live turns', async () => {
  const queue = new Queue(2)
  const order: string[] = []
  const work = (name: string, live = false) => queue.run(async () => void (await turn(), order.push(name)), live)
  await Promise.all([work('first'), work('page', false), ...[1, 2, 3, 4].map((n) => work(`answer ${n}`, true))])
  expect(order.indexOf('page')).toBeLessThan(order.indexOf('answer 4'))
})

it('goes on after work that throws, and gives what work gives', async () => {
  const queue = new Queue()
  const failing = queue.run(() => Promise.reject(new Error('no')))
  const next = queue.run(async () => 'yes')
  await expect(failing).rejects.toThrow('no')
  expect(await next).toBe('yes')
})
