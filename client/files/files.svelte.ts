import { fileAddress } from '#shared/files/references.ts'
import type { FileAudience } from '#shared/files/rules.ts'
import type { FileRecord } from '#shared/files/wire.ts'
import type { Refused, Result } from '#shared/result.ts'
import type { Refusal } from '#shared/wire.ts'
import { api } from '#client/http.ts'
import { newId } from '#client/live/identity.ts'

/** A file on its way. Sent again it keeps its identity, so that the server keeps it once. */
export class Sending {
  readonly id = newId()
  readonly file: File
  readonly audience: FileAudience
  /** 0 to 1. */
  progress = $state(0)
  refusal = $state<Refusal>()
  #request: XMLHttpRequest | undefined

  constructor(file: File, audience: FileAudience) {
    this.file = file
    this.audience = audience
  }

  /** `fetch` does not tell how much has left; this does. */
  send(spoc: string): Promise<Result<FileRecord>> {
    this.refusal = undefined
    this.progress = 0
    const request = (this.#request = new XMLHttpRequest())
    const query = new URLSearchParams({ name: this.file.name.slice(-120), audience: this.audience })
    request.open('PUT', `${fileAddress(spoc, this.id)}?${query}`)
    request.setRequestHeader('content-type', 'application/octet-stream')
    request.responseType = 'json'
    request.upload.onprogress = ({ loaded, total }) => (this.progress = total > 0 ? loaded / total : 0)
    return new Promise((resolve) => {
      const end = (said: Result<FileRecord>) => {
        if (!said.ok) this.refusal = said.code
        resolve(said)
      }
      const unavailable: Refused = { ok: false, code: 'http/unavailable' }
      request.onload = () => {
        const said = request.response as Result<FileRecord> | null
        end(said && 'ok' in said ? said : unavailable)
      }
      request.onerror = request.onabort = request.ontimeout = () => end(unavailable)
      request.send(this.file)
    })
  }

  cancel = () => this.#request?.abort()
}

/** The files of a SPOC that one may see, and those on their way. */
export class Files {
  list = $state.raw<readonly FileRecord[]>()
  sending = $state.raw<readonly Sending[]>([])
  refusal = $state<Refusal>()
  readonly spoc: string

  constructor(spoc: string) {
    this.spoc = spoc
  }

  load = async () => {
    const said = await api('GET /api/spocs/:spoc/files', { params: { spoc: this.spoc } })
    this.refusal = said.ok ? undefined : said.code
    if (said.ok) this.list = said.value
  }

  /** Sends one after the other. `onsent` hears of each that arrived. */
  add = async (chosen: Iterable<File>, audience: FileAudience, onsent: (file: FileRecord) => void) => {
    const all = [...chosen].map((file) => new Sending(file, audience))
    this.sending = [...this.sending, ...all]
    // One that was given up while it waited is not sent.
    for (const one of all) if (this.sending.includes(one)) await this.again(one, onsent)
  }

  again = async (one: Sending, onsent: (file: FileRecord) => void) => {
    const said = await one.send(this.spoc)
    if (!said.ok) return
    this.drop(one)
    onsent(said.value)
    await this.load()
  }

  drop = (one: Sending) => {
    one.cancel()
    this.sending = this.sending.filter((other) => other !== one)
  }

  /** Into the bin. `knowing`: it was said where activities show it. */
  remove = async (file: string, knowing = false) => {
    const said = await api('DELETE /api/spocs/:spoc/files/:file', {
      params: { spoc: this.spoc, file },
      query: { named: knowing ? 'remove' : 'refuse' },
    })
    await this.load()
    if (!said.ok && said.code !== 'files/named') this.refusal = said.code
    return said
  }

  restore = async (file: string) => {
    await api('POST /api/spocs/:spoc/files/:file/restore', { params: { spoc: this.spoc, file } })
    await this.load()
  }
}
