/** LiveKit's own: encrypts each picture and each piece of sound that leaves, opens those that come. */
import 'livekit-client/e2ee-worker'
