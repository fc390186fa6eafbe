import express from 'express'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { keepAssets, sayContract, servePages } from '#server/http/pages.ts'
import { securityHeaders } from '#server/http/security.ts'

const root = mkdtempSync(join(tmpdir(), 'cercle-pages-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** A built client as a release brings it: other hashed files, the folder of the one before gone. */
function aRelease(name: string, ...files: string[]) {
  const folder = join(root, 'client')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(join(folder, 'assets'), { recursive: true })
  writeFileSync(join(folder, 'index.html'), `<html><head></head>${name}</html>`)
  for (const file of files) writeFileSync(join(folder, 'assets', file), `${name} ${file}`)
  return folder
}

async function served(folder: string, former: string | undefined, contract: string) {
  const app = express()
    .use(securityHeaders({ https: false }))
    .use(sayContract(contract))
    .use(servePages(folder, contract, { former }))
  app.get('/api/health', (_request, response) => void response.json({}))
  const http = app.listen(0, '127.0.0.1')
  await new Promise((resolve) => http.once('listening', resolve))
  const base = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  const get = async (path: string) => {
    const reply = await fetch(base + path)
    return {
      status: reply.status,
      text: await reply.text(),
      contract: reply.headers.get('cercle-contract'),
      kept: reply.headers.get('cache-control'),
      policy: reply.headers.get('content-security-policy') ?? '',
    }
  }
  return { get, close: () => new Promise((resolve) => http.close(resolve)) }
}

it('the hashed files of the release before are still there for pages that are open, and those before it go', async () => {
  const dataDir = join(root, 'data')
  mkdirSync(dataDir)
  expect(keepAssets(aRelease('one', 'a-1.js', 'same-0.js'), dataDir, new Date(1000))).toBeUndefined()
  // Started again, it is still the same release.
  expect(keepAssets(aRelease('one', 'a-1.js', 'same-0.js'), dataDir, new Date(2000))).toBeUndefined()

  const second = aRelease('two', 'a-2.js', 'same-0.js')
  const { get, close } = await served(second, keepAssets(second, dataDir, new Date(3000)), 'of two')
  expect(await get('/assets/a-2.js')).toMatchObject({ status: 200, text: 'two a-2.js' })
  expect(await get('/assets/a-1.js')).toMatchObject({
    status: 200,
    text: 'one a-1.js',
    kept: expect.stringContaining('immutable') as string,
  })
  expect((await get('/assets/same-0.js')).text).toBe('two same-0.js')
  expect((await get('/assets/never.js')).status).toBe(404)
  expect((await get('/spocs/x')).text).toContain('<meta name="contract" content="of two" />')
  expect((await get('/spocs/x')).contract).toBeNull()
  expect((await get('/api/health')).contract).toBe('of two')
  await close()

  const third = aRelease('three', 'a-3.js')
  const last = await served(third, keepAssets(third, dataDir, new Date(4000)), 'of three')
  expect((await last.get('/assets/a-2.js')).status).toBe(200)
  expect((await last.get('/assets/a-1.js')).status).toBe(404)
  await last.close()
  expect(readdirSync(join(dataDir, 'assets'))).toHaveLength(2)
})

it('WebAssembly is compiled by the worker that blurs alone, which reaches this server alone; pages and other files keep their policy', async () => {
  const names = ['blur.worker-a1_B-2.js', 'capture.worker-a1.js', 'blur-a1.js', 'my-blur.worker-a1.js', 'a-1.wasm']
  const { get, close } = await served(aRelease('one', ...names), undefined, 'of one')
  const policies = await Promise.all(names.map(async (name) => (await get(`/assets/${name}`)).policy))
  const [worker, ...others] = policies
  expect(worker).toBe("default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'")
  const page = (await get('/spocs/blur.worker-a1.js')).policy
  expect(page).toContain("script-src 'self';")
  expect(page).not.toContain('unsafe')
  expect(others).toEqual(others.map(() => page))
  await close()
})
