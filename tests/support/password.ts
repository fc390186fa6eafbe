import { hash } from '@node-rs/argon2'

/** The password of everybody in a test's class. */
export const password = 'correct horse battery'

/** Its hash, which asks for the least work there is: whoever signs in is asked what the hash says, and a class signs in before each test. */
export const passwordHash = await hash(password, { memoryCost: 8, timeCost: 1, parallelism: 1 })
