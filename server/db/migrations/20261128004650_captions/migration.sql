CREATE TABLE "replay_captions" (
	"room" text PRIMARY KEY,
	"cues" jsonb NOT NULL,
	"person" text NOT NULL,
	"at" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "replay_captions" ADD CONSTRAINT "replay_captions_room_rooms_id_fkey" FOREIGN KEY ("room") REFERENCES "rooms"("id");--> statement-breakpoint
ALTER TABLE "replay_captions" ADD CONSTRAINT "replay_captions_person_person_id_fkey" FOREIGN KEY ("person") REFERENCES "person"("id");