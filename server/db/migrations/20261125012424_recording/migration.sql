CREATE TABLE "recording_objections" (
	"room" text,
	"person" text,
	"at" timestamp(3) with time zone NOT NULL,
	"settled" timestamp(3) with time zone,
	CONSTRAINT "recording_objections_pkey" PRIMARY KEY("room","person")
);
--> statement-breakpoint
CREATE TABLE "recording_parts" (
	"id" text PRIMARY KEY,
	"room" text NOT NULL,
	"person" text NOT NULL,
	"seat" text NOT NULL,
	"started" timestamp(3) with time zone NOT NULL,
	"ended" timestamp(3) with time zone,
	"type" text,
	"next" integer DEFAULT 0 NOT NULL,
	"bytes" bigint DEFAULT 0 NOT NULL,
	"anchors" jsonb DEFAULT '[]' NOT NULL,
	"complete" boolean DEFAULT false NOT NULL,
	"film" text,
	"film_type" text,
	"film_size" bigint,
	"film_of" bigint,
	"duration" integer,
	"failed" boolean DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE TABLE "recordings" (
	"room" text PRIMARY KEY,
	"started" timestamp(3) with time zone NOT NULL,
	"kept_until" timestamp(3) with time zone NOT NULL,
	"hidden" timestamp(3) with time zone,
	"deleted" timestamp(3) with time zone
);
--> statement-breakpoint
CREATE TABLE "replay_answers" (
	"room" text,
	"person" text,
	"question" text,
	"choice" text NOT NULL,
	"at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "replay_answers_pkey" PRIMARY KEY("room","person","question")
);
--> statement-breakpoint
CREATE TABLE "replay_chapters" (
	"room" text PRIMARY KEY,
	"chapters" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "replay_progress" (
	"room" text,
	"person" text,
	"position" integer NOT NULL,
	"watched" jsonb NOT NULL,
	"saved" timestamp(3) with time zone NOT NULL,
	"caught_up" timestamp(3) with time zone,
	CONSTRAINT "replay_progress_pkey" PRIMARY KEY("room","person")
);
--> statement-breakpoint
CREATE INDEX "recording_parts_room" ON "recording_parts" ("room","started");--> statement-breakpoint
ALTER TABLE "recording_objections" ADD CONSTRAINT "recording_objections_room_recordings_room_fkey" FOREIGN KEY ("room") REFERENCES "recordings"("room");--> statement-breakpoint
ALTER TABLE "recording_objections" ADD CONSTRAINT "recording_objections_person_person_id_fkey" FOREIGN KEY ("person") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "recording_parts" ADD CONSTRAINT "recording_parts_room_recordings_room_fkey" FOREIGN KEY ("room") REFERENCES "recordings"("room");--> statement-breakpoint
ALTER TABLE "recording_parts" ADD CONSTRAINT "recording_parts_person_person_id_fkey" FOREIGN KEY ("person") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "recordings" ADD CONSTRAINT "recordings_room_rooms_id_fkey" FOREIGN KEY ("room") REFERENCES "rooms"("id");--> statement-breakpoint
ALTER TABLE "replay_answers" ADD CONSTRAINT "replay_answers_room_rooms_id_fkey" FOREIGN KEY ("room") REFERENCES "rooms"("id");--> statement-breakpoint
ALTER TABLE "replay_answers" ADD CONSTRAINT "replay_answers_person_person_id_fkey" FOREIGN KEY ("person") REFERENCES "person"("id");--> statement-breakpoint
ALTER TABLE "replay_chapters" ADD CONSTRAINT "replay_chapters_room_rooms_id_fkey" FOREIGN KEY ("room") REFERENCES "rooms"("id");--> statement-breakpoint
ALTER TABLE "replay_progress" ADD CONSTRAINT "replay_progress_room_rooms_id_fkey" FOREIGN KEY ("room") REFERENCES "rooms"("id");--> statement-breakpoint
ALTER TABLE "replay_progress" ADD CONSTRAINT "replay_progress_person_person_id_fkey" FOREIGN KEY ("person") REFERENCES "person"("id");