// `npm run admin -- EMAIL`: installs and builds what is missing, then runs the command in this process.
import { build, install } from './start.mjs'

install()
build()
await import('../dist/server/admin.js')
