import type { openMesh, warm } from './mesh.ts'

let code: Promise<{ openMesh: typeof openMesh; warm: typeof warm }> | undefined

/**
 * The mesh, downloaded when it is first asked for and then at hand at once: an `import()` of what is already here still waits for
 * the browser's next turn, behind whatever is being drawn. Rejects when it could not be loaded; the next time tries again.
 */
export const meshCode = () =>
  (code ??= import('./mesh.ts').catch((error: unknown) => {
    code = undefined
    throw error
  }))
