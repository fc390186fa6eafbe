import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'

/** Figures for operators, in Prometheus's text format. They count and time; they name nobody. */
export interface Metrics {
  registry: Registry
  /** A live command was answered: whether it was refused, and how long its person waited (s). */
  answered(refused: string | undefined, seconds: number): void
  /** A batch was saved (s). */
  saved(seconds: number): void
}

export function buildMetrics(live: {
  rooms(): number
  seats(): number
  free(): Promise<number>
  lastBackup(): number | undefined
}): Metrics {
  const registry = new Registry()
  // The usual 10 ms would wake an idle server a hundred times a second to look at its own delay: a sixth of what a class costs.
  // The delays it tells then begin at this figure.
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 100 })
  const gauge = (name: string, help: string, read: () => number | Promise<number>) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      async collect() {
        this.set(await read())
      },
    })
  gauge('cercle_rooms', 'Rooms hosted by this process', live.rooms)
  gauge('cercle_seats', 'Seats held by this process', live.seats)
  gauge('cercle_disk_free_bytes', 'Room left on the disk of DATA_DIR', live.free)
  gauge(
    'cercle_last_backup_timestamp_seconds',
    'When the last whole backup was made; 0 when none was',
    () => (live.lastBackup() ?? 0) / 1000,
  )
  const commands = new Counter({
    name: 'cercle_commands_total',
    help: 'Live commands answered',
    labelNames: ['outcome'],
    registers: [registry],
  })
  const buckets = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5]
  const wait = new Histogram({
    name: 'cercle_command_seconds',
    help: 'From a live command’s arrival to its answer',
    buckets,
    registers: [registry],
  })
  const save = new Histogram({ name: 'cercle_save_seconds', help: 'One batch of a room, saved', buckets, registers: [registry] })
  return {
    registry,
    answered(refused, seconds) {
      commands.inc({ outcome: refused ?? 'saved' })
      wait.observe(seconds)
    },
    saved: (seconds) => save.observe(seconds),
  }
}
