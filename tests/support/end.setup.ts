import { afterEach } from 'vitest'
import { endAll } from './end.ts'

afterEach(endAll)
