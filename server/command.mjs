// `npm run admin -- EMAIL`, `backup -- FILE` and `restore -- FILE`: installs and builds what is missing, then runs the command in this process.
import { build, install } from './start.mjs'

install()
build()
// `admin` is alone in its program, the other two share one and are told apart by their first argument.
const [name] = process.argv.slice(2, 3)
if (name === 'admin') process.argv.splice(2, 1)
await import(name === 'admin' ? '../dist/server/admin.js' : '../dist/server/backup.js')
